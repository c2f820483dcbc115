import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { type AppError, type ErrorDetail, isAppError } from '../../errors.ts'
import { newId } from '../../id.ts'
import type { IncludeUse } from '../../liquid/types.ts'
import { inSlices } from '../../pacing.ts'
import { getRuntime } from '../../runtime.ts'
import { PRODUCTION } from '../name.ts'
import { finishVersion, type PreparedVersion } from '../plan/prepare-version.ts'
import { skillName } from '../rules.ts'
import { type Candidate, findCandidates, problemOf } from '../store/includes.ts'
import { assertSkill, restoreSkills, skillNameTaken } from '../store/skill-guard.ts'
import { type Query, readIncluded, transactionQuery } from '../store/stored-prompt.ts'
import { type Node, newNode, pinsOf, readNodes } from './node.ts'
import { orderByNeed, type ToOrder } from './order.ts'
import { isWritten, type PlannedPrompt, type PlannedVersion, refuse, refuseFor } from './planned.ts'

/** What references can be pinned to: what is there, and what is being saved. */
interface Targets {
  candidates: Map<string, Candidate>
  nodes: Map<string, Node>
  /** Prompts of this change by their names and aliases. */
  saving: Map<string, PlannedPrompt>
  /** The prompts of this change that are skills, by the names that they have as such. */
  skills: Map<string, string>
  /** Who includes what of this change, by what is included. */
  users: Map<PlannedPrompt, Set<PlannedPrompt>>
  query: Query
}

/** A version, and the prompt that it is of. */
interface Place {
  planned: PlannedPrompt
  version: PlannedVersion
}

/**
 * Pins what the versions include, and checks them, in an order in which they could have been saved one after the other.
 * What cannot be saved is refused, with its reason, and so is what needs it; of older versions those are left out whose
 * includes are gone.
 */
export async function pinAndCheck(
  tx: Tx,
  actor: Actor,
  all: readonly PlannedPrompt[],
  { lock }: { lock: boolean },
): Promise<void> {
  const query = transactionQuery(tx)
  const skills = await takeRestored(query, actor, all)
  const planned = all.filter(({ versions }) => versions.length > 0)
  const saving = new Map(all.flatMap((each) => namesOf(each).map((name) => [name, each] as const)))
  const found = await readTargets(tx, actor, planned, lock)
  const targets: Targets = { ...found, saving, skills, users: new Map(), query }
  const places = planned.flatMap((each) => each.versions.map((version) => ({ planned: each, version })))
  const { order, circles } = orderByNeed(needsOf(planned, places, saving))
  const breathe = inSlices()
  for (const index of order) {
    const place = places[index]
    if (place === undefined || isRefused(place.planned)) continue
    const circle = circles.get(index)
    if (circle === undefined) await check(actor, place, targets)
    else refuseCircle(circle.flatMap((at) => places[at] ?? []))
    await breathe()
  }
  refuseUsers(planned, targets)
}

/** By which it can be included. */
function namesOf({ saved, aliases, existing, shelf }: PlannedPrompt): string[] {
  const kept = existing?.aliases.filter((alias) => shelf?.removed.includes(alias) !== true) ?? []
  return [saved.name, ...aliases, ...kept]
}

const isRefused = ({ saved }: PlannedPrompt) => saved.action === 'refused'

/** What each version needs of others; those of one prompt can stand in for each other where none is named. */
function needsOf(
  planned: readonly PlannedPrompt[],
  places: readonly Place[],
  saving: Targets['saving'],
): ToOrder {
  const indexes = new Map(places.map(({ version }, index) => [version, index]))
  const groups = new Map(planned.map((each, index) => [each, index]))
  const needs = places.map((place) =>
    place.version.draft.includes.flatMap((use) => {
      const other = saving.get(use.name)
      const at = other && indexes.get(meantVersion(use, other, place) ?? place.version)
      if (at === undefined || places[at] === place) return []
      return [{ at, isSoft: use.version === undefined && other !== place.planned }]
    }),
  )
  return {
    needs,
    groups: places.map((place) => groups.get(place.planned) ?? -1),
    present: new Set(planned.flatMap(({ existing }, index) => (existing === undefined ? [] : [index]))),
  }
}

/** What includes a prompt that was refused after that was found to be fine. */
function refuseUsers(planned: readonly PlannedPrompt[], { users }: Targets): void {
  const refused = planned.filter(isRefused)
  for (const each of refused)
    for (const user of users.get(each) ?? [])
      if (!isRefused(user)) {
        refuse(user, 'refused', `"${each.saved.name}", which it includes, is refused itself`)
        refused.push(user)
      }
}

/** Prompts that come back from the archive are the skills that they were, whatever they get now. */
async function takeRestored(
  query: Query,
  { workspaceId }: Actor,
  all: readonly PlannedPrompt[],
): Promise<Map<string, string>> {
  const restored = all.filter((each) => each.existing?.archived === true && isWritten(each))
  const named = restored.map(({ id, saved }) => ({ id, name: saved.name }))
  const { reasons, taken } = await restoreSkills(query, workspaceId, named)
  for (const each of restored) if (reasons.has(each.id)) refuseFor(each, reasons.get(each.id))
  return taken
}

function refuseCircle(places: readonly Place[]): void {
  const names = places.map(({ planned }) => planned.saved.name)
  const circle = [...names, names[0]].join(' → ')
  for (const { planned } of places)
    if (!isRefused(planned))
      refuse(
        planned,
        'refused',
        `These prompts include each other in a circle: ${circle}. Take one of the includes out.`,
      )
}

function usesOf({ versions }: PlannedPrompt): IncludeUse[] {
  return versions.flatMap(({ draft }) => draft.includes)
}

async function readTargets(
  tx: Tx,
  actor: Actor,
  planned: readonly PlannedPrompt[],
  lock: boolean,
): Promise<Pick<Targets, 'candidates' | 'nodes'>> {
  const query = transactionQuery(tx)
  const uses = [...new Map(planned.flatMap(usesOf).map((use) => [use.ref, use])).values()]
  if (uses.length === 0) return { candidates: new Map(), nodes: new Map() }
  const found = await findCandidates(query, actor, uses, lock)
  const ids = [...new Set(found.flatMap(({ version_id }) => version_id ?? []))]
  const nodes = readNodes(await readIncluded(query, actor.workspaceId, ids))
  return { candidates: new Map(found.map((candidate) => [candidate.ref, candidate])), nodes }
}

async function check(actor: Actor, place: Place, targets: Targets): Promise<void> {
  const { planned, version } = place
  const { draft, number } = version
  const { include_depth } = getRuntime().config.limits
  const { direct, problems } = resolve(draft.includes, targets, place)
  try {
    const prepared = await finishVersion(actor, draft, pinsOf(direct, problems, include_depth), {
      warns: false,
    })
    await assertSkillHere(actor, planned, prepared, targets)
    const owner = { id: newId(), promptId: planned.id, name: planned.saved.name, number }
    version.prepared = { version: prepared, node: newNode(owner, prepared, direct) }
  } catch (error) {
    if (version === planned.versions.at(-1)) refuseFor(planned, error)
    else if (isAboutIncludes(error)) leaveOut(place, error)
    else refuseFor(planned, error, `Version ${number}: `)
  }
}

const isAboutIncludes = (error: unknown): error is AppError =>
  isAppError(error) && error.details.length > 0 && error.details.every(({ code }) => INCLUDE_FAULTS.has(code))

const INCLUDE_FAULTS: ReadonlySet<string> = new Set([
  'unknown_include',
  'archived_include',
  'redacted_include',
  'chat_include',
  'refused_include',
])

/** What older versions include may have gone since: they go too, and the others keep their numbers. */
function leaveOut({ planned, version }: Place, { details }: AppError): void {
  const { saved, moves } = planned
  planned.versions = planned.versions.filter((each) => each !== version)
  const reasons = [...new Set(details.map(({ message }) => message))].slice(0, 3)
  saved.notes.push(`Version ${version.number} is left out: ${reasons.join('; ')}`)
  for (const [label, number] of moves)
    if (number === version.number) {
      moves.delete(label)
      saved.notes.push(`The label "${label}" is not set: it names version ${number}`)
    }
}

/** @throws unprocessable when it cannot be the skill that it is published as */
async function assertSkillHere(
  actor: Actor,
  { saved: { name } }: PlannedPrompt,
  version: PreparedVersion,
  { skills, query }: Targets,
): Promise<void> {
  if (!version.publish.skill) return
  const skill = skillName(name)
  const other = skills.get(skill)
  if (other !== undefined && other !== name) throw skillNameTaken(name, { name: other })
  await assertSkill(query, actor.workspaceId, name, version)
  skills.set(skill, name)
}

function resolve(
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

function targetOf(use: IncludeUse, targets: Targets, place: Place): Found {
  const other = targets.saving.get(use.name)
  const fresh = other === undefined ? undefined : freshNode(use, other, place)
  if (other === undefined || fresh === undefined) return storedTarget(use, other, targets)
  if (fresh.kind !== 'text')
    return {
      code: 'chat_include',
      message: `"${use.ref}" is a chat; only prompts of one text can be included`,
    }
  const users = targets.users.get(other) ?? new Set()
  targets.users.set(other, users.add(place.planned))
  return { node: fresh }
}

/** What a reference means of what was there before. */
function storedTarget(
  use: IncludeUse,
  other: PlannedPrompt | undefined,
  { candidates, nodes }: Targets,
): Found {
  const candidate = candidates.get(use.ref)
  const isBack = other?.existing?.archived === true && other.saved.action === 'version'
  const problem = candidate && problemOf(isBack ? { ...candidate, archived: false } : candidate)
  const node = nodes.get(candidate?.version_id ?? '')
  if (problem === undefined && node !== undefined) return { node }
  if (other !== undefined && isRefused(other) && (candidate?.prompt_id ?? null) === null)
    return { code: 'refused_include', message: `"${use.ref}", which it includes, is refused itself` }
  const hint = 'Bring it along in the same import, or make it first'
  const message = `There is no prompt "${use.ref}" to include`
  return problem === undefined || problem.code === 'unknown_include'
    ? { code: 'unknown_include', message: problem?.message ?? message, hint }
    : problem
}

/** The version of this change that a reference means; undefined: it means one that was there before. */
function meantVersion(
  { version }: IncludeUse,
  other: PlannedPrompt,
  place: Place,
): PlannedVersion | undefined {
  const { moves, existing } = other
  const open = openVersions(other, place)
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
