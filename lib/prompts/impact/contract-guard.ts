import type { Actor } from '../../access/actor.ts'
import { may } from '../../access/rights.ts'
import type { Tx } from '../../db/client.ts'
import { type AppError, appError } from '../../errors.ts'
import { contractRequired } from '../../label-rules/protected-labels.ts'
import type { Json } from '../../liquid/json.ts'
import type { Variable } from '../../liquid/variable.ts'
import { transactionQuery } from '../store/stored-prompt.ts'
import { readVariables } from '../variables/variables.ts'
import { contractChanges } from './contract-changes.ts'
import { breakingOf, judgeCallers } from './judge-callers.ts'
import { impactSince, readCallers } from './read-callers.ts'
import type { BreakingChange, Caller } from './schema.ts'

/** A label about to move to a version of a locked prompt. */
export interface PlannedMove {
  label: string
  /** Variables of the version that the label will name. */
  variables: readonly Variable[]
  /** The caller knows what breaks and wants it. */
  accepts: boolean
}

/** What a move breaks. */
export interface Broken {
  breaking: BreakingChange[]
  /** The same for the audit log, whose rows stay: names of people can be erased, so it has their ids. */
  logged: BreakingChange[]
}

/**
 * What callers of a label would be refused after a move; empty for a label that is new.
 * @throws conflict `would_break`, with `breaking`, where the label's rule asks for a contract that is kept and the
 *   caller does not accept what breaks
 */
export async function breakingChanges(
  tx: Tx,
  actor: Actor,
  prompt: { id: string; name: string },
  { label, variables, accepts }: PlannedMove,
): Promise<Broken> {
  const inUse = await variablesOfLabel(tx, actor.workspaceId, prompt.id, label)
  const changes = inUse === undefined ? [] : contractChanges(inUse, variables)
  if (inUse === undefined || changes.length === 0) return { breaking: [], logged: [] }
  const { workspaceId } = actor
  const rows = await readCallers(transactionQuery(tx), workspaceId, prompt.id, { label }, impactSince())
  const { callers, breaking } = judgeCallers(rows, changes, inUse)
  const isRefused = !accepts && (await contractRequired(tx, workspaceId, label))
  if (isRefused) throw wouldBreak(prompt.name, label, toldTo(actor, breaking))
  return { breaking, logged: breakingOf(callers, changes, loggedName) }
}

function loggedName({ name, client, actor }: Caller): string {
  if (actor.kind !== 'person') return name
  return client === null ? actor.id : `${client} (${actor.id})`
}

/** Variables of a version that is there. */
export async function variablesOf(
  tx: Tx,
  { workspaceId }: Actor,
  promptId: string,
  version: number,
): Promise<Variable[]> {
  const values = [workspaceId, promptId, version]
  const [row] = await transactionQuery(tx)<{ variables: Json }>(VARIABLES_OF_VERSION, values)
  return row === undefined ? [] : readVariables(row.variables)
}

const VARIABLES_OF_VERSION = `SELECT variables FROM prompt_version
  WHERE workspace_id = $1::uuid AND prompt_id = $2::uuid AND number = $3::integer`

/** What an actor may know of it: who uses a prompt is told to those who may read its usage. */
export function toldTo(actor: Actor, breaking: readonly BreakingChange[]): BreakingChange[] {
  return may(actor, 'usage:read') ? [...breaking] : breaking.map((change) => ({ ...change, callers: [] }))
}

function wouldBreak(name: string, label: string, breaking: BreakingChange[]): AppError {
  const hint = 'Make a version that takes what this one takes, or repeat with "accept_breaking": true.'
  const message = `"${label}" of "${name}" keeps its contract, and the version would break it: ${breaking
    .map((change) => change.message)
    .join('; ')}. ${hint}`
  return appError('conflict', message, {
    details: breaking.map((change) => ({
      path: ['version'],
      code: 'would_break',
      message: change.message,
      hint,
    })),
    extra: { breaking },
  })
}

/** Variables of the version that a label names; undefined: it names none. */
async function variablesOfLabel(
  tx: Tx,
  workspaceId: string,
  promptId: string,
  label: string,
): Promise<Variable[] | undefined> {
  const [row] = await transactionQuery(tx)<{ variables: Json }>(VARIABLES_OF_LABEL, [
    workspaceId,
    promptId,
    label,
  ])
  return row === undefined ? undefined : readVariables(row.variables)
}

const VARIABLES_OF_LABEL = `SELECT v.variables FROM prompt_label l
  JOIN prompt_version v ON v.workspace_id = l.workspace_id AND v.prompt_id = l.prompt_id
    AND v.number = l.version_number
  WHERE l.workspace_id = $1::uuid AND l.prompt_id = $2::uuid AND l.label = $3::text`
