import type { Actor } from '../../access/actor.ts'
import { newId } from '../../id.ts'
import { PRODUCTION } from '../name.ts'
import { assertTagsAndAliases, uniqueSorted } from '../plan/patch-plan.ts'
import { mayReleaseIn, mayWriteIn } from '../policy.ts'
import type { PromptToSave } from '../saving-schema.ts'
import { chooseVersions } from './choose-versions.ts'
import { type PlannedPrompt, refuse, refuseFor } from './planned.ts'
import { categoryOf, type Deciding, settleShelf } from './settle-shelf.ts'
import { otherNames, type State } from './state.ts'

/** Decides what is to be done for one prompt; its includes are looked at later. */
export async function decide(actor: Actor, state: Deciding, wanted: PromptToSave): Promise<PlannedPrompt> {
  const planned = beginning(wanted)
  findPlace(state, planned)
  if (isOut(planned)) return planned
  settleCategory(state, planned)
  if (!mayWriteIn(actor, planned.categoryId)) {
    refuse(planned, 'refused', 'Your right to change prompts is limited to other categories.')
    return planned
  }
  if (isBarredFromRestoring(actor, state, planned)) return planned
  try {
    if (planned.existing === undefined) {
      settleAliases(state, planned)
      assertTagsAndAliases({ tags: planned.saved.tags, aliases: planned.aliases })
    } else settleShelf(actor, state, planned)
    if (isOut(planned)) return planned
    await chooseVersions(actor, planned)
  } catch (error) {
    refuseFor(planned, error)
    return planned
  }
  settleLabels(actor, planned)
  return planned
}

/** Whether it was decided that nothing is saved. */
function isOut({ saved }: PlannedPrompt): boolean {
  return saved.action === 'skipped' || saved.action === 'conflict' || saved.action === 'refused'
}

function beginning(wanted: PromptToSave): PlannedPrompt {
  const newest = wanted.versions.at(-1)
  return {
    wanted,
    saved: {
      name: wanted.name,
      action: 'create',
      title: newest?.title ?? '',
      category: wanted.category,
      tags: uniqueSorted(wanted.tags),
      labels: [],
      breaking: [],
      isWritten: false,
      notes: [],
      problems: [],
    },
    id: newId(),
    existing: undefined,
    categoryId: null,
    aliases: [],
    shelf: undefined,
    versions: [],
    moves: new Map(),
    broken: [],
  }
}

/** Which name it gets, and whether there is a prompt of that name. */
function findPlace(state: Deciding, planned: PlannedPrompt): void {
  const { wanted, saved } = planned
  const { name, onConflict } = wanted
  const found = state.prompts.get(name)
  if (!state.taken.has(name)) {
    state.taken.set(name, name)
    noteOwner(state, planned, name)
    return
  }
  if (onConflict === 'rename') {
    const free = otherNames(name).find((other) => !state.taken.has(other))
    if (free === undefined)
      return refuse(
        planned,
        'conflict',
        `"${name}" is taken, and so are the names like it. Give it another name.`,
      )
    state.taken.set(free, free)
    saved.name = free
    saved.notes.push(`The name "${name}" is taken, so it is "${free}" here`)
    return
  }
  if (onConflict === 'skip') {
    saved.action = 'skipped'
    saved.notes.push(`There is a prompt "${name}" already, and it stays as it is`)
    return
  }
  if (found === undefined)
    return refuse(
      planned,
      'conflict',
      `Another prompt of this import has the name or alias "${name}". Give one of them another name.`,
    )
  if (found.name !== name)
    return refuse(
      planned,
      'conflict',
      `"${name}" is an alias of the prompt "${found.name}". Give it another name, or bring it as "${found.name}".`,
    )
  planned.existing = found
  planned.id = found.id
}

/** Who calls a prompt by that name gets another one then. */
function noteOwner({ handover }: Deciding, { saved }: PlannedPrompt, name: string): void {
  const owner = handover.get(name)
  if (owner !== undefined) saved.notes.push(`"${name}" is an alias of the prompt "${owner.name}" until then`)
}

function settleCategory(state: Deciding, planned: PlannedPrompt): void {
  const { existing, saved, wanted } = planned
  if (existing !== undefined) {
    planned.categoryId = existing.category_id
    return
  }
  if (wanted.category === null) return
  const id = categoryOf(state, planned, wanted.category)
  if (id !== undefined) planned.categoryId = id
  else {
    saved.category = null
    saved.notes.push(`There is no category "${wanted.category}", and you may not make one: it has none`)
  }
}

/** To bring a prompt back from the archive is a release, where it has a protected label. */
function isBarredFromRestoring(actor: Actor, { protectedLabels }: State, planned: PlannedPrompt): boolean {
  const { existing, saved } = planned
  if (existing?.archived !== true) return false
  const barred = [...existing.labels.keys()].filter((label) => protectedLabels.has(label))
  if (barred.length > 0 && !mayReleaseIn(actor, existing.category_id)) {
    refuse(
      planned,
      'refused',
      `The prompt is archived, and its label "${barred[0]}" is protected: to restore it takes the right prompts:release.`,
    )
    return true
  }
  saved.notes.push('The prompt was archived; it is restored')
  return false
}

function settleAliases(state: Deciding, planned: PlannedPrompt): void {
  const { saved, wanted } = planned
  for (const alias of uniqueSorted(wanted.aliases)) {
    if (alias === saved.name) continue
    if (state.taken.has(alias) || state.names.has(alias)) {
      saved.notes.push(`The alias "${alias}" is taken, and left out`)
      continue
    }
    state.taken.set(alias, saved.name)
    planned.aliases.push(alias)
    noteOwner(state, planned, alias)
  }
}

/** Where the labels of the source go; only who may release moves any. */
function settleLabels(actor: Actor, planned: PlannedPrompt): void {
  const { existing, saved, wanted, moves } = planned
  const named = new Map<string, number>()
  if (wanted.movesLabels) {
    for (const { labels, number } of planned.versions) for (const label of labels) named.set(label, number)
    // A version that is there already may have labels that name it elsewhere.
    if (saved.action === 'unchanged' && existing !== undefined)
      for (const label of wanted.versions.at(-1)?.labels ?? []) named.set(label, existing.latest)
  }
  const newest = planned.versions.at(-1)?.number
  const isSaid = wanted.movesLabels && wanted.versions.some(({ labels }) => labels !== undefined)
  if (existing === undefined && !isSaid && newest !== undefined) named.set(PRODUCTION, newest)
  const changing = [...named].filter(([label, number]) => existing?.labels.get(label) !== number)
  if (changing.length === 0) return
  if (mayReleaseIn(actor, planned.categoryId)) {
    for (const [label, number] of changing) moves.set(label, number)
    return
  }
  const list = changing.map(([label]) => `"${label}"`).join(', ')
  saved.notes.push(`The label ${list} is not set: that takes the right prompts:release`)
}
