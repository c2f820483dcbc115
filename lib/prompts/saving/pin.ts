import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { type AppError, isAppError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { inSlices } from '../../pacing.ts'
import { getRuntime } from '../../runtime.ts'
import { finishVersion, type PreparedVersion } from '../plan/prepare-version.ts'
import { skillName } from '../rules.ts'
import { assertSkill, restoreSkills, skillNameTaken } from '../store/skill-guard.ts'
import { type Query, transactionQuery } from '../store/stored-prompt.ts'
import { newNode, pinsOf } from './node.ts'
import { orderByNeed, type ToOrder } from './order.ts'
import { isWritten, type PlannedPrompt, refuse, refuseFor } from './planned.ts'
import { isRefused, meantVersion, type Place, readTargets, resolve, type Targets } from './targets.ts'

/** What a check looks up. */
interface Checking extends Targets {
  /** The prompts of this change that are skills, by the names that they have as such. */
  skills: Map<string, string>
  query: Query
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
  const targets: Checking = { ...(await readTargets(query, actor, all, { lock })), skills, query }
  const places = planned.flatMap((each) => each.versions.map((version) => ({ planned: each, version })))
  const { order, circles } = orderByNeed(needsOf(planned, places, targets.saving))
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

async function check(actor: Actor, place: Place, targets: Checking): Promise<void> {
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
  { skills, query }: Checking,
): Promise<void> {
  if (!version.publish.skill) return
  const skill = skillName(name)
  const other = skills.get(skill)
  if (other !== undefined && other !== name) throw skillNameTaken(name, { name: other })
  await assertSkill(query, actor.workspaceId, name, version)
  skills.set(skill, name)
}
