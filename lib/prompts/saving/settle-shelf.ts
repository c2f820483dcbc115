import type { Actor } from '../../access/actor.ts'
import { newId } from '../../id.ts'
import { assertTagsAndAliases, uniqueSorted } from '../plan/patch-plan.ts'
import { mayWriteIn } from '../policy.ts'
import { type Handover, mayTakeAliases } from './handover.ts'
import { type PlannedPrompt, type PlannedShelf, refuse } from './planned.ts'
import type { ExistingPrompt, State } from './state.ts'

/** What of a state changes while one prompt after the other is decided. */
export interface Deciding extends State {
  /** Categories that are to be made: ids by slug. */
  newCategories: Map<string, string>
  mayMakeCategories: boolean
  /** Names of all prompts that are to be saved: none of them is the alias of another one. */
  names: ReadonlySet<string>
  /** Aliases that change hands. */
  handover: Handover
}

/** The id of a category, which is made where there is none; undefined: it is not there, and may not be made. */
export function categoryOf(state: Deciding, { saved }: PlannedPrompt, slug: string): string | undefined {
  const known = state.categories.get(slug) ?? state.newCategories.get(slug)
  if (known !== undefined || !state.mayMakeCategories) return known
  const id = newId()
  state.newCategories.set(slug, id)
  saved.notes.push(`The category "${slug}" is new`)
  return id
}

/**
 * Category, tags and aliases belong to the prompt, not to a version: a prompt that is there gets what its source says of
 * them, and keeps the rest.
 * @throws too_large past the configured number of tags or aliases
 */
export function settleShelf(actor: Actor, state: Deciding, planned: PlannedPrompt): void {
  const { existing, saved, wanted } = planned
  if (existing === undefined) return
  saved.category = existing.category
  saved.tags = existing.tags
  const shelf: PlannedShelf = { removed: [] }
  if (wanted.shelf.aliases !== undefined && !settleAliases(actor, state, planned, { existing, shelf })) return
  if (!settleCategory(actor, state, planned, { existing, shelf })) return
  settleTags(planned, { existing, shelf })
  const isChanged = shelf.category !== undefined || shelf.tags !== undefined
  if (isChanged || planned.aliases.length + shelf.removed.length > 0) planned.shelf = shelf
}

interface Settling {
  existing: ExistingPrompt
  shelf: PlannedShelf
}

/** @returns whether the prompt may be moved to it */
function settleCategory(
  actor: Actor,
  state: Deciding,
  planned: PlannedPrompt,
  { existing, shelf }: Settling,
): boolean {
  const { saved, wanted } = planned
  const { category: slug } = wanted.shelf
  if (slug === undefined || slug === existing.category) return true
  const id = slug === null ? null : categoryOf(state, planned, slug)
  const stays =
    existing.category === null ? 'the prompt stays without one' : `it stays in "${existing.category}"`
  if (id === undefined) {
    saved.notes.push(`There is no category "${slug}", and you may not make one: ${stays}`)
    return true
  }
  if (!mayWriteIn(actor, id)) {
    refuse(planned, 'refused', `Your right to change prompts does not reach the category "${slug}".`)
    return false
  }
  shelf.category = { id, slug }
  saved.category = slug
  const before = existing.category === null ? 'none before' : `"${existing.category}" before`
  saved.notes.push(
    slug === null ? `It has no category then; ${before}` : `Its category is "${slug}" then; ${before}`,
  )
  return true
}

function settleTags({ saved, wanted }: PlannedPrompt, { existing, shelf }: Settling): void {
  if (wanted.shelf.tags === undefined) return
  const tags = uniqueSorted(wanted.shelf.tags)
  if (tags.join('\n') === uniqueSorted(existing.tags).join('\n')) return
  assertTagsAndAliases({ tags })
  shelf.tags = tags
  saved.tags = tags
  saved.notes.push(`Its tags are ${listed(tags)} then; ${listed(existing.tags)} before`)
}

/** @returns whether all of them are free, or its own */
function settleAliases(
  actor: Actor,
  state: Deciding,
  planned: PlannedPrompt,
  { existing, shelf }: Settling,
): boolean {
  const { taken, names } = state
  const { saved, wanted } = planned
  const aliases = uniqueSorted(wanted.shelf.aliases ?? []).filter((alias) => alias !== existing.name)
  assertTagsAndAliases({ aliases })
  const added = aliases.filter((alias) => !existing.aliases.includes(alias))
  const removed = existing.aliases.filter((alias) => !aliases.includes(alias))
  const clash = added.find((alias) => taken.has(alias) || names.has(alias))
  if (clash !== undefined) {
    const holder = taken.get(clash) ?? clash
    const message = `The alias "${clash}" is a name of the prompt "${holder}". Take it out of one of the two first.`
    refuse(planned, 'conflict', message)
    return false
  }
  for (const alias of added) taken.set(alias, existing.name)
  planned.aliases = added
  if (added.length > 0)
    saved.notes.push(`Aliases that come: ${listed(added.map((each) => from(state, each)))}`)
  if (removed.length === 0) return true
  if (!mayTakeAliases(actor, state, existing))
    saved.notes.push(
      `Aliases stay that the source does not have, since to take them away takes the right prompts:release: ${listed(removed)}`,
    )
  else {
    shelf.removed = removed
    saved.notes.push(`Aliases that go: ${listed(removed)}`)
  }
  return true
}

/** An alias, with whom it belongs to until then. */
function from({ handover }: Deciding, alias: string): string {
  const owner = handover.get(alias)
  return owner === undefined ? alias : `${alias} (of "${owner.name}" before)`
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? 'none' : words.join(', ')
}
