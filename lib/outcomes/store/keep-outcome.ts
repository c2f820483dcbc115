import type { Actor } from '../../access/actor.ts'
import { takeTurn } from '../../db/changes/turn.ts'
import type { Tx } from '../../db/client.ts'
import { appError, overLimit } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { usageBuffer } from '../../usage/recording/record.ts'
import type { ReadReceipt } from '../receipt-text.ts'
import type { Outcome, OutcomeReport } from '../schema.ts'

/** What is told of a use. */
export type Told = Pick<Outcome, 'outcome' | 'score' | 'note' | 'metadata'>

type Kept = Told & Pick<Outcome, 'id' | 'reported_at'>

/**
 * Keeps what an actor tells of a use. The same as before changes nothing; another one takes its place, and both stay on
 * record. The sums by day are changed along with the rows.
 * @throws unprocessable for a version that the database does not have, too_large past `limits.outcome_changes`
 */
export async function keepOutcome(
  tx: Tx,
  actor: Actor,
  receipt: ReadReceipt,
  told: Told,
): Promise<OutcomeReport> {
  const { current, count } = await lockOutcome(tx, actor, receipt.id)
  if (current !== undefined && isSame(current, told)) return { ...current, change: 'unchanged' }
  if (count > getRuntime().config.limits.outcome_changes) throw tooOften()
  const isReplaced = current !== undefined && (await replaceOutcome(tx, actor.workspaceId, current.id))
  const kept = await insertOutcome(tx, actor, receipt, told)
  await addToDays(tx, actor.workspaceId, isReplaced ? [kept.id, current.id] : [kept.id])
  return { ...kept, change: isReplaced ? 'replaced' : 'new' }
}

/** What holds of a use by an actor, and how many there were: reports of the same wait for each other until the end. */
async function lockOutcome(
  tx: Tx,
  { workspaceId, id }: Actor,
  receiptId: string,
): Promise<{ current: Kept | undefined; count: number }> {
  await takeTurn(tx, workspaceId, 'outcome', `${receiptId} ${id}`)
  const rows = await tx.$queryRaw<(Kept & { is_current: boolean })[]>`
    SELECT id, outcome, score::float8 AS score, note, metadata, replaced_at IS NULL AS is_current,
      to_char(reported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS reported_at
    FROM outcome
    WHERE workspace_id = ${workspaceId}::uuid AND receipt_id = ${receiptId}::uuid AND reported_by = ${id}::uuid`
  const found = rows.find((row) => row.is_current)
  if (found === undefined) return { current: undefined, count: rows.length }
  const { is_current: _, ...current } = found
  return { current, count: rows.length }
}

function isSame(one: Told, other: Told): boolean {
  const plain = ({ outcome, score, note, metadata }: Told) => JSON.stringify([outcome, score, note, metadata])
  return plain(one) === plain(other)
}

/**
 * Ends that an outcome holds; it stays on record.
 * @returns false: it was withdrawn meanwhile, and is out of the sums already
 */
async function replaceOutcome(tx: Tx, workspaceId: string, id: string): Promise<boolean> {
  const changed = await tx.$executeRaw`UPDATE outcome SET replaced_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND replaced_at IS NULL`
  return changed > 0
}

async function insertOutcome(tx: Tx, actor: Actor, receipt: ReadReceipt, told: Told): Promise<Kept> {
  const { workspaceId, request } = actor
  // As uses are counted: the sums by day stay for ever, so names that clients make up are bounded.
  const client = usageBuffer().clientName(actor)
  const metadata = told.metadata === null ? null : JSON.stringify(told.metadata)
  // A backup that was restored may lack the version.
  const [row] = await tx.$queryRaw<{ id: string; reported_at: string }[]>`
    INSERT INTO outcome (workspace_id, id, receipt_id, operation, used_at, prompt_id, version_number, label,
      reported_by, surface, client_name, outcome, score, note, metadata)
    SELECT v.workspace_id, ${newId()}::uuid, ${receipt.id}::uuid, ${receipt.operation}, ${receipt.usedAt},
      v.prompt_id, v.number, ${receipt.label}, ${actor.id}::uuid, ${request.surface}, ${client},
      ${told.outcome}, ${told.score}::numeric, ${told.note}, ${metadata}::json
    FROM prompt_version v
    WHERE v.workspace_id = ${workspaceId}::uuid AND v.prompt_id = ${receipt.promptId}::uuid
      AND v.number = ${receipt.version}
    RETURNING id, to_char(reported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS reported_at`
  if (row === undefined) throw notGenuine()
  return { ...row, ...told }
}

/** Adds outcomes that hold to the sums of their days, and takes away those that hold no more. */
export async function addToDays(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO outcome_day (workspace_id, prompt_id, day, version_number, label, client_name, successes, failures,
      scored, score_sum, score_squares)
    SELECT workspace_id, prompt_id, day, version_number, label, client_name,
      coalesce(sum(sign) FILTER (WHERE outcome = 'success'), 0),
      coalesce(sum(sign) FILTER (WHERE outcome = 'failure'), 0),
      coalesce(sum(sign) FILTER (WHERE score IS NOT NULL), 0), coalesce(sum(sign * score), 0),
      coalesce(sum(sign * score * score), 0)
    FROM (
      SELECT workspace_id, prompt_id, (reported_at AT TIME ZONE 'UTC')::date AS day, version_number,
        coalesce(label, '') AS label, coalesce(client_name, '') AS client_name, outcome, score,
        CASE WHEN replaced_at IS NULL THEN 1 ELSE -1 END AS sign
      FROM outcome
      WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${ids}::uuid[]) AND operation <> 'draft'
    ) told
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (workspace_id, prompt_id, day, version_number, label, client_name) DO UPDATE SET
      successes = outcome_day.successes + excluded.successes,
      failures = outcome_day.failures + excluded.failures,
      scored = outcome_day.scored + excluded.scored,
      score_sum = outcome_day.score_sum + excluded.score_sum,
      score_squares = outcome_day.score_squares + excluded.score_squares`
}

/** The answer to a receipt that was made elsewhere, for others, or by nobody: which it is, is not told. */
export function notGenuine() {
  const message = 'is no receipt of this workspace: send it as it came with the render, whole'
  return appError('unprocessable', `\`receipt\` ${message}.`, {
    details: [{ path: ['receipt'], code: 'not_genuine', message }],
  })
}

function tooOften() {
  return overLimit('limits.outcome_changes', 'The outcome of this use was changed as often as it may be', [
    'receipt',
  ])
}
