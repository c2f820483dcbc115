import type { Actor } from '../../access/actor.ts'
import type { ErrorDetail } from '../../errors.ts'
import type { IncludeUse } from '../../liquid/types.ts'
import { PRODUCTION } from '../name.ts'
import type { PinToSave } from '../saving-schema.ts'
import { type Candidate, findCandidates, findSame, problemOf } from '../store/includes.ts'
import { type Query, readIncluded } from '../store/stored-prompt.ts'
import { type Node, readNodes } from './node.ts'
import type { PlannedPrompt, PlannedVersion } from './planned.ts'

/** What references can be pinned to: what is there, and what is being saved. */
export interface Targets {
  /** What is there, by reference. */
  candidates: Map<string, Candidate>
  /** What is there and says the same as what a reference was pinned to, by reference and checksum. */
  pinned: Map<string, Candidate>
  nodes: Map<string, Node>
  /** Prompts of this change by their names and aliases. */
  saving: Map<string, PlannedPrompt>
  /** Who includes what of this change, by what is included. */
  users: Map<PlannedPrompt, Set<PlannedPrompt>>
}

/** A version, and the prompt that it is of. */
export interface Place {
  planned: PlannedPrompt
  version: PlannedVersion
}

export const isRefused = ({ saved }: PlannedPrompt) => saved.action === 'refused'

/** By which it can be included. */
function namesOf({ saved, aliases, existing, shelf }: PlannedPrompt): string[] {
  const kept = existing?.aliases.filter((alias) => shelf?.removed.includes(alias) !== true) ?? []
  return [saved.name, ...aliases, ...kept]
}

/** By which name a reference finds what it means among what was there before; none: there is nothing. */
function nameThen(
  saving: Map<string, PlannedPrompt>,
  gone: ReadonlySet<string>,
): (use: IncludeUse) => string {
  return ({ name }) => {
    const other = saving.get(name)
    if (other?.existing !== undefined) return other.existing.name
    return gone.has(name) ? '' : name
  }
}

/** Reads what the references of all versions can be pinned to. */
export async function readTargets(
  query: Query,
  actor: Actor,
  all: readonly PlannedPrompt[],
  { lock }: { lock: boolean },
): Promise<Targets> {
  const named = all.filter(({ saved }) => saved.action !== 'conflict')
  const saving = new Map(named.flatMap((each) => namesOf(each).map((name) => [name, each] as const)))
  const nameOf = nameThen(saving, new Set(all.flatMap(({ shelf }) => shelf?.removed ?? [])))
  const versions = all.flatMap((each) => each.versions)
  const refs = new Map(versions.flatMap(({ draft }) => draft.includes).map((use) => [use.ref, use]))
  const targets: Targets = {
    candidates: new Map(),
    pinned: new Map(),
    nodes: new Map(),
    saving,
    users: new Map(),
  }
  if (refs.size === 0) return targets
  const uses = [...refs.values()].map((use) => ({ ...use, name: nameOf(use) }))
  for (const found of await findCandidates(query, actor, uses, lock)) targets.candidates.set(found.ref, found)
  const pins = versions.flatMap(({ draft, pins }) =>
    draft.includes.flatMap((use) => {
      const pin = pinOf(use, pins)
      return pin === undefined ? [] : [[keyOf(pin), { ...pin, name: nameOf(use) }] as const]
    }),
  )
  for (const found of await findSame(query, actor, [...new Map(pins).values()]))
    targets.pinned.set(keyOf(found), found)
  const ids = [...targets.candidates.values(), ...targets.pinned.values()].flatMap(
    ({ version_id }) => version_id ?? [],
  )
  targets.nodes = readNodes(await readIncluded(query, actor.workspaceId, [...new Set(ids)]))
  return targets
}

const keyOf = ({ ref, checksum }: Pick<PinToSave, 'ref' | 'checksum'>) => `${ref} ${checksum}`

/** What a reference was pinned to; one that names a version means that one, wherever it is. */
function pinOf({ ref, version }: IncludeUse, pins: PlannedVersion['pins']): PinToSave | undefined {
  return version === undefined ? pins.get(ref) : undefined
}

/** Pins the references of a text, and says which cannot be. */
export function resolve(
  uses: readonly IncludeUse[],
  targets: Targets,
  place: Place,
): { direct: Node['direct']; problems: ErrorDetail[] } {
  const direct = new Map<string, Node>()
  const problems: ErrorDetail[] = []
  for (const use of uses) {
    const found = targetOf(use, targets, place)
    if ('node' in found) direct.set(use.ref, found.node)
    else problems.push({ path: use.path, range: use.range, ...found })
  }
  return { direct: [...direct].map(([ref, node]) => ({ ref, node })), problems }
}

type Found = { node: Node } | { code: string; message: string; hint?: string }

/** What it was pinned to where it comes from, else what it means here. */
function targetOf(use: IncludeUse, targets: Targets, place: Place): Found {
  const { planned, version } = place
  const pin = pinOf(use, version.pins)
  const same = pin && sameTarget(use, pin, targets, place)
  if (same !== undefined) return { node: same }
  const found = targetHere(use, targets, place)
  if (pin !== undefined && 'node' in found) {
    const which = version === planned.versions.at(-1) ? '' : `Version ${version.number}: `
    const { notes } = planned.saved
    const note = `${which}"${use.ref}" was version ${pin.version} where it comes from, which is not here: it includes version ${found.node.prompt.version}`
    if (!notes.includes(note)) notes.push(note)
  }
  return found
}

/** The version that a reference was pinned to, brought along or there already. */
function sameTarget(use: IncludeUse, pin: PinToSave, targets: Targets, place: Place): Node | undefined {
  const other = targets.saving.get(use.name)
  const fresh = other && openVersions(other, place).find((each) => isSame(each, pin))?.prepared?.node
  if (other !== undefined && fresh?.kind === 'text') return usedBy(place, other, fresh, targets)
  const candidate = targets.pinned.get(keyOf(pin))
  return candidate && nodeThere(candidate, other, targets)
}

const isSame = ({ was }: PlannedVersion, { version, checksum }: PinToSave) =>
  was?.number === version && was.checksum === checksum

function targetHere(use: IncludeUse, targets: Targets, place: Place): Found {
  const other = targets.saving.get(use.name)
  const fresh = other === undefined ? undefined : freshNode(use, other, place)
  if (other === undefined || fresh === undefined) return storedTarget(use, other, targets)
  if (fresh.kind !== 'text')
    return {
      code: 'chat_include',
      message: `"${use.ref}" is a chat; only prompts of one text can be included`,
    }
  return { node: usedBy(place, other, fresh, targets) }
}

/** Notes who includes what of this change. */
function usedBy({ planned }: Place, other: PlannedPrompt, node: Node, { users }: Targets): Node {
  users.set(other, (users.get(other) ?? new Set()).add(planned))
  return node
}

/** What a reference means of what was there before. */
function storedTarget(use: IncludeUse, other: PlannedPrompt | undefined, targets: Targets): Found {
  const candidate = targets.candidates.get(use.ref)
  const node = candidate && nodeThere(candidate, other, targets)
  if (node !== undefined) return { node }
  if (other !== undefined && isRefused(other) && (candidate?.prompt_id ?? null) === null)
    return { code: 'refused_include', message: `"${use.ref}", which it includes, is refused itself` }
  const problem = candidate && problemOf(asBack(candidate, other))
  const hint = 'Bring it along in the same import, or make it first'
  const message = `There is no prompt "${use.ref}" to include`
  return problem === undefined || problem.code === 'unknown_include'
    ? { code: 'unknown_include', message: problem?.message ?? message, hint }
    : problem
}

function nodeThere(
  candidate: Candidate,
  other: PlannedPrompt | undefined,
  { nodes }: Targets,
): Node | undefined {
  return problemOf(asBack(candidate, other)) === undefined ? nodes.get(candidate.version_id ?? '') : undefined
}

/** What this change brings back from the archive can be included again. */
function asBack(candidate: Candidate, other: PlannedPrompt | undefined): Candidate {
  const isBack = other?.existing?.archived === true && other.saved.action === 'version'
  return isBack ? { ...candidate, archived: false } : candidate
}

/** The version of this change that a reference means; undefined: it means one that was there before. */
export function meantVersion(
  use: IncludeUse,
  other: PlannedPrompt,
  place: Place,
): PlannedVersion | undefined {
  const { moves, existing } = other
  const { version } = use
  const open = openVersions(other, place)
  const pin = pinOf(use, place.version.pins)
  const same = pin && open.find((each) => isSame(each, pin))
  if (same !== undefined) return same
  const released = [moves.get(PRODUCTION), existing?.labels.get(PRODUCTION)].flatMap((each) => each ?? [])
  const isBefore = (number: number) => other !== place.planned || number < place.version.number
  const number = version ?? released.find(isBefore)
  return number === undefined ? open.at(-1) : open.find((each) => each.number === number)
}

/** Of its own prompt a version includes what was there before it. */
function openVersions({ versions }: PlannedPrompt, { planned, version }: Place): readonly PlannedVersion[] {
  return planned.versions === versions ? versions.filter(({ number }) => number < version.number) : versions
}

/** What a reference is pinned to; where what it means could not come first, the newest that has. */
function freshNode(use: IncludeUse, other: PlannedPrompt, place: Place): Node | undefined {
  const meant = meantVersion(use, other, place)
  if (meant === undefined || meant.prepared !== undefined || use.version !== undefined)
    return meant?.prepared?.node
  return openVersions(other, place).findLast(({ prepared }) => prepared !== undefined)?.prepared?.node
}
