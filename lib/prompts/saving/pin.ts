import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import type { ErrorDetail } from '../../errors.ts'
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
import { orderByNeed } from './order.ts'
import { isWritten, type PlannedPrompt, type PlannedVersion, refuse, refuseFor } from './planned.ts'

/** What references can be pinned to: what is there, and what is being saved. */
interface Targets {
  candidates: Map<string, Candidate>
  nodes: Map<string, Node>
  /** Prompts of this change by their names and aliases. */
  saving: Map<string, PlannedPrompt>
  /** The prompts of this change that are skills, by the names that they have as such. */
  skills: Map<string, string>
  query: Query
}

/**
 * Pins what the versions include, and checks them, in the order that includes need. What cannot be saved is refused,
 * with its reason, and so is what needs it.
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
  const saving = new Map(
    all.flatMap((each) => [each.saved.name, ...each.aliases].map((name) => [name, each] as const)),
  )
  const targets = {
    ...(await readTargets(tx, actor, planned, lock)),
    saving,
    skills,
    query,
  }
  const places = new Map(planned.map((each, index) => [each, index]))
  const needs = planned.map(
    (each) =>
      new Set(
        usesOf(each).flatMap((use) => {
          const other = saving.get(use.name)
          return other !== undefined && mayBeNew(use, other) ? (places.get(other) ?? []) : []
        }),
      ),
  )
  const { order, circles } = orderByNeed(needs)
  const breathe = inSlices()
  for (const index of order) {
    const each = planned[index]
    if (each === undefined) continue
    const circle = circles.get(index)
    if (circle === undefined) await check(actor, each, targets)
    else
      refuseCircle(
        each,
        [...circle, circle[0] ?? index].map((at) => planned[at]?.saved.name ?? ''),
      )
    await breathe()
  }
}

/** Whether a reference may mean a version of this change. */
function mayBeNew({ version }: IncludeUse, { versions }: PlannedPrompt): boolean {
  return version === undefined || versions.some(({ number }) => number === version)
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

function refuseCircle(planned: PlannedPrompt, names: readonly string[]): void {
  const circle = names.join(' → ')
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

async function check(actor: Actor, planned: PlannedPrompt, targets: Targets): Promise<void> {
  const { include_depth } = getRuntime().config.limits
  for (const version of planned.versions) {
    const { draft, number } = version
    const { direct, problems } = resolve(draft.includes, targets, planned)
    try {
      const pins = pinsOf(direct, problems, include_depth)
      const prepared = await finishVersion(actor, draft, pins, { warns: false })
      await assertSkillHere(actor, planned, prepared, targets)
      const owner = { id: newId(), promptId: planned.id, name: planned.saved.name, number }
      version.prepared = { version: prepared, node: newNode(owner, prepared, direct) }
    } catch (error) {
      const isNewest = number === planned.versions.at(-1)?.number
      return refuseFor(planned, error, isNewest ? '' : `Version ${number}: `)
    }
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
  self: PlannedPrompt,
): { direct: Node['direct']; problems: ErrorDetail[] } {
  const direct = new Map<string, Node>()
  const problems: ErrorDetail[] = []
  for (const use of uses) {
    const found = targetOf(use, targets, self)
    if ('node' in found) direct.set(use.ref, found.node)
    else problems.push({ path: use.path, range: use.range, ...found })
  }
  return { direct: [...direct].map(([ref, node]) => ({ ref, node })), problems }
}

type Found = { node: Node } | { code: string; message: string; hint?: string }

function targetOf(use: IncludeUse, { candidates, nodes, saving }: Targets, self: PlannedPrompt): Found {
  const other = saving.get(use.name)
  const fresh = other === undefined || other === self ? undefined : freshNode(use, other)
  if (fresh?.kind === 'text') return { node: fresh }
  if (fresh !== undefined)
    return {
      code: 'chat_include',
      message: `"${use.ref}" is a chat; only prompts of one text can be included`,
    }
  const candidate = candidates.get(use.ref)
  const isBack = other?.existing?.archived === true && other.saved.action === 'version'
  const problem = candidate && problemOf(isBack ? { ...candidate, archived: false } : candidate)
  const node = nodes.get(candidate?.version_id ?? '')
  if (problem === undefined && node !== undefined) return { node }
  if (other !== undefined && other.saved.action === 'refused' && (candidate?.prompt_id ?? null) === null)
    return { code: 'refused_include', message: `"${use.ref}", which it includes, is refused itself` }
  const hint = 'Bring it along in the same import, or make it first'
  const message = `There is no prompt "${use.ref}" to include`
  return problem === undefined || problem.code === 'unknown_include'
    ? { code: 'unknown_include', message: problem?.message ?? message, hint }
    : problem
}

/** The version of this change that a reference means; undefined: it means one that was there before. */
function freshNode({ version }: IncludeUse, other: PlannedPrompt): Node | undefined {
  const numberOf = (): number | undefined => {
    if (version !== undefined) return version
    const released = other.moves.get(PRODUCTION) ?? other.existing?.labels.get(PRODUCTION)
    return released ?? other.versions.at(-1)?.number
  }
  const number = numberOf()
  return other.versions.find((each: PlannedVersion) => each.number === number)?.prepared?.node
}
