import type { Actor } from '../../access/actor.ts'
import { may } from '../../access/rights.ts'
import type { Tx } from '../../db/client.ts'
import { type AppError, appError } from '../../errors.ts'
import { contractsAmong } from '../../label-rules/protected-labels.ts'
import type { Json } from '../../liquid/json.ts'
import type { Variable } from '../../liquid/variable.ts'
import { transactionQuery } from '../store/stored-prompt.ts'
import { readVariables } from '../variables/variables.ts'
import { contractChanges } from './contract-changes.ts'
import { breakingOf, judgeCallers } from './judge-callers.ts'
import { impactSince, readCallers } from './read-callers.ts'
import type { BreakingChange, Caller } from './schema.ts'

/** A label about to move to a version of a prompt that nobody else changes meanwhile. */
export interface PlannedMove {
  promptId: string
  label: string
  /** Variables of the version that the label will name. */
  variables: readonly Variable[]
}

/** What a move breaks. */
export interface Broken {
  breaking: BreakingChange[]
  /** The same for what stays, such as the audit log: names of people can be erased, so it has their ids. */
  logged: BreakingChange[]
}

/** Moves whose callers are read by one statement. */
const AT_ONCE = 50

/**
 * What callers of labels would be refused after moves; empty for a label that is new.
 * @returns what each breaks, in their order
 */
export async function brokenBy(
  tx: Tx,
  { workspaceId }: Actor,
  moves: readonly PlannedMove[],
): Promise<Broken[]> {
  const inUse = await variablesOfLabels(tx, workspaceId, moves)
  const broken = moves.map((): Broken => ({ breaking: [], logged: [] }))
  const changing = moves.flatMap(({ promptId, label, variables }, place) => {
    const before = inUse.get(place)
    const changes = before === undefined ? [] : contractChanges(before, variables)
    return before === undefined || changes.length === 0 ? [] : [{ place, promptId, label, before, changes }]
  })
  for (let from = 0; from < changing.length; from += AT_ONCE) {
    const part = changing.slice(from, from + AT_ONCE)
    const uses = part.map(({ promptId, label }) => ({ promptId, inUse: { label } }))
    const found = await readCallers(transactionQuery(tx), workspaceId, uses, impactSince())
    for (const [index, { place, changes, before }] of part.entries()) {
      const { callers, breaking } = judgeCallers(found[index] ?? [], changes, before)
      broken[place] = { breaking, logged: breakingOf(callers, changes, loggedName) }
    }
  }
  return broken
}

/**
 * What a move breaks, where that is allowed.
 * @param accepts the caller knows what breaks and wants it
 * @throws conflict `would_break`, with `breaking`, where the label's rule asks for a contract that is kept and the
 *   caller does not accept what breaks
 */
export async function breakingChanges(
  tx: Tx,
  actor: Actor,
  prompt: { id: string; name: string },
  { label, variables, accepts }: Omit<PlannedMove, 'promptId'> & { accepts: boolean },
): Promise<Broken> {
  const [broken = { breaking: [], logged: [] }] = await brokenBy(tx, actor, [
    { promptId: prompt.id, label, variables },
  ])
  if (broken.breaking.length === 0 || accepts) return broken
  const contracts = await contractsAmong(tx, actor.workspaceId, [label])
  if (contracts.has(label)) throw wouldBreak(prompt.name, label, toldTo(actor, broken.breaking))
  return broken
}

function loggedName({ name, client, actor }: Caller): string {
  if (actor.kind !== 'person') return name
  return client === null ? actor.id : `${client} (${actor.id})`
}

/** Variables of a version that is there. */
export async function variablesOf(
  tx: Tx,
  actor: Actor,
  promptId: string,
  version: number,
): Promise<Variable[]> {
  const [variables = []] = await variablesOfVersions(tx, actor, [{ promptId, version }])
  return variables
}

/**
 * Variables of versions that are there.
 * @returns those of each, in the order of `versions`
 */
export async function variablesOfVersions(
  tx: Tx,
  { workspaceId }: Actor,
  versions: readonly { promptId: string; version: number }[],
): Promise<Variable[][]> {
  const asked = versions.map(({ promptId: prompt, version }, place) => ({ place, prompt, version }))
  const found = await variablesByPlace(tx, VARIABLES_OF_VERSIONS, workspaceId, asked)
  return versions.map((_, place) => found.get(place) ?? [])
}

/** What an actor may know of it: who uses a prompt is told to those who may read its usage. */
export function toldTo(actor: Actor, breaking: readonly BreakingChange[]): BreakingChange[] {
  return may(actor, 'usage:read') ? [...breaking] : breaking.map((change) => ({ ...change, callers: [] }))
}

/** The refusal of a move. @param path the field of the request that asks for it */
export function wouldBreak(
  name: string,
  label: string,
  breaking: BreakingChange[],
  path = ['version'],
): AppError {
  const hint = 'Make a version that takes what this one takes, or repeat with "accept_breaking": true.'
  const message = `"${label}" of "${name}" keeps its contract, and the version would break it: ${breaking
    .map((change) => change.message)
    .join('; ')}. ${hint}`
  return appError('conflict', message, {
    details: breaking.map((change) => ({
      path,
      code: 'would_break',
      message: change.message,
      hint,
    })),
    extra: { breaking },
  })
}

/** Variables of the versions that labels name, by the place of their move; left out where they name none. */
function variablesOfLabels(
  tx: Tx,
  workspaceId: string,
  moves: readonly PlannedMove[],
): Promise<Map<number, Variable[]>> {
  const asked = moves.map(({ promptId: prompt, label }, place) => ({ place, prompt, label }))
  return variablesByPlace(tx, VARIABLES_OF_LABELS, workspaceId, asked)
}

async function variablesByPlace(
  tx: Tx,
  statement: string,
  workspaceId: string,
  asked: readonly object[],
): Promise<Map<number, Variable[]>> {
  if (asked.length === 0) return new Map()
  const values = [workspaceId, JSON.stringify(asked)]
  const rows = await transactionQuery(tx)<{ place: number; variables: Json }>(statement, values)
  return new Map(rows.map(({ place, variables }) => [place, readVariables(variables)]))
}

const VARIABLES_OF_VERSIONS = `SELECT asked.place, v.variables
  FROM json_to_recordset($2::json) AS asked (place integer, prompt uuid, version integer)
  JOIN prompt_version v ON v.workspace_id = $1::uuid AND v.prompt_id = asked.prompt AND v.number = asked.version`

const VARIABLES_OF_LABELS = `SELECT asked.place, v.variables
  FROM json_to_recordset($2::json) AS asked (place integer, prompt uuid, label text)
  JOIN prompt_label l ON l.workspace_id = $1::uuid AND l.prompt_id = asked.prompt AND l.label = asked.label
  JOIN prompt_version v ON v.workspace_id = l.workspace_id AND v.prompt_id = l.prompt_id
    AND v.number = l.version_number`
