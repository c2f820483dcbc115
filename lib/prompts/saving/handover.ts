import type { Actor } from '../../access/actor.ts'
import { mayReleaseIn } from '../policy.ts'
import type { PromptToSave } from '../saving-schema.ts'
import { isWritten, type PlannedPrompt } from './planned.ts'
import type { ExistingPrompt, State } from './state.ts'

/** Aliases that prompts of a change give up and others of it want: by alias the prompt that gives it up. */
export type Handover = Map<string, ExistingPrompt>

/**
 * Finds which aliases change hands, so that it does not matter who is looked at first.
 * @param keeping ids of prompts that give up nothing
 */
export function findHandover(
  actor: Actor,
  state: State,
  prompts: readonly PromptToSave[],
  keeping: ReadonlySet<string>,
): Handover {
  const wanted = new Set(prompts.flatMap(({ name, aliases }) => [name, ...aliases]))
  const handover: Handover = new Map()
  for (const { name, aliases, shelf, onConflict } of prompts) {
    const owner = state.prompts.get(name)
    if (shelf.aliases === undefined || onConflict !== 'version' || owner?.name !== name) continue
    if (keeping.has(owner.id) || !mayTakeAliases(actor, state, owner)) continue
    for (const alias of owner.aliases)
      if (wanted.has(alias) && !aliases.includes(alias)) handover.set(alias, owner)
  }
  return handover
}

/** Who uses such a name does not find the prompt any more: a release, where it has a protected label. */
export function mayTakeAliases(actor: Actor, { protectedLabels }: State, prompt: ExistingPrompt): boolean {
  const isProtected = [...prompt.labels.keys()].some((label) => protectedLabels.has(label))
  return !isProtected || mayReleaseIn(actor, prompt.category_id)
}

/**
 * Ids of prompts that were to give up an alias, which another one took, and now change nothing; and of those that get
 * nothing then, and give up nothing either.
 */
export function brokenHandover(planned: readonly PlannedPrompt[], handover: Handover): string[] {
  if (handover.size === 0) return []
  const takers = new Map(planned.filter(isWritten).flatMap((each) => newNamesOf(each, each)))
  const givers = new Map(planned.flatMap((each) => (each.existing ? [[each.id, each] as const] : [])))
  const broken = new Set<string>()
  const look = [...handover].filter(([alias, { id }]) => {
    const giver = givers.get(id)
    return takers.has(alias) && (giver === undefined || !isWritten(giver) || !isGiven(giver, alias))
  })
  for (const [alias, { id }] of look) {
    broken.add(id)
    const taker = takers.get(alias)
    if (taker?.existing === undefined || broken.has(taker.id)) continue
    // It is a conflict then, as it does not get its alias.
    for (const entry of handover) if (entry[1].id === taker.id && takers.has(entry[0])) look.push(entry)
  }
  return [...broken]
}

function newNamesOf<T>({ saved, existing, aliases }: PlannedPrompt, value: T): [string, T][] {
  const names = existing === undefined ? [saved.name, ...aliases] : aliases
  return names.map((name) => [name, value])
}

function isGiven({ shelf }: PlannedPrompt, alias: string): boolean {
  return shelf?.removed.includes(alias) === true
}
