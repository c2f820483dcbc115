import { lockSpending } from '../../ai/limits/reserve-spending.ts'
import type { RunConfig } from '../../ai/run-settings.ts'
import { newsPublisher } from '../../db/changes/news.ts'
import type { Tx } from '../../db/client.ts'
import type { Message } from '../../prompts/content/content.ts'
import { type GenerationStatus, isFinished } from '../status.ts'
import type { Target } from '../streaming/read-progress.ts'
import {
  ATTEMPT_SUMS,
  type AttemptEnd,
  endAttempt,
  errorColumns,
  type Reason,
  readAttempts,
  type StoredAttempt,
} from './attempt.ts'

/** A generation's row, locked: each change of its state holds it until the transaction ends. */
export interface LockedGeneration {
  status: GenerationStatus
  queue: 'interactive' | 'batch'
  messages: Message[]
  /** What the version says about how the model is asked. */
  config: RunConfig | null
  run_id: string | null
  cancel_requested_at: Date | null
}

/** @returns undefined when there is none */
export async function lockGeneration(
  tx: Tx,
  { workspaceId, id }: Target,
): Promise<LockedGeneration | undefined> {
  const [row] = await tx.$queryRaw<LockedGeneration[]>`
    SELECT status, queue, messages, config, run_id, cancel_requested_at FROM generated_content
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid FOR UPDATE`
  return row
}

export interface GenerationEnd {
  status: 'succeeded' | 'failed' | 'cancelled'
  text: string | null
  reason?: Reason | undefined
  finishReason?: string | undefined
  latencyMs?: number | undefined
  firstTokenMs?: number | null | undefined
}

/**
 * What the end of a generation `g` sets besides its reason; `t` has the sums of its attempts (ATTEMPT_SUMS).
 * @param at the parameters
 */
export const endSql = (
  at: Record<'status' | 'text' | 'finishReason' | 'latencyMs' | 'firstTokenMs', string>,
) =>
  `status = ${at.status}, text = CASE WHEN g.redacted_at IS NULL THEN ${at.text} END, finished_at = clock_timestamp(),
    finish_reason = ${at.finishReason}, latency_ms = ${at.latencyMs}::integer, first_token_ms = ${at.firstTokenMs}::integer,
    input_tokens = t.input_tokens, output_tokens = t.output_tokens, cost = t.cost`

const END_AT = { status: '$3', text: '$4', finishReason: '$7', latencyMs: '$8', firstTokenMs: '$9' }
const END_GENERATION = `WITH pieces AS (
    DELETE FROM generation_chunk WHERE workspace_id = $1::uuid AND generation_id = $2::uuid
  )
  UPDATE generated_content g SET error_code = $5, error_message = $6, ${endSql(END_AT)}
  FROM (
    SELECT ${ATTEMPT_SUMS} FROM generation_attempt WHERE workspace_id = $1::uuid AND generation_id = $2::uuid
  ) t
  WHERE g.workspace_id = $1::uuid AND g.id = $2::uuid AND g.status IN ('queued', 'running')`

/**
 * Ends a generation that has not ended: its figures are those of all attempts together, which are settled
 * before. Its pieces of text go, for its row has the whole.
 */
export async function endGeneration(tx: Tx, { workspaceId, id }: Target, end: GenerationEnd): Promise<void> {
  await tx.$executeRawUnsafe(
    END_GENERATION,
    workspaceId,
    id,
    end.status,
    end.text,
    ...errorColumns(end.reason),
    end.finishReason ?? null,
    end.latencyMs ?? null,
    end.firstTokenMs ?? null,
  )
}

/** It is unknown how far the call got: the call is not charged, and its reservation is given back. */
export const INTERRUPTED: AttemptEnd = {
  status: 'failed',
  isCalled: true,
  reason: {
    code: 'interrupted',
    message: 'The process that made the call ended before the answer was kept.',
  },
}
const NOT_BEGUN: AttemptEnd = { status: 'cancelled', isCalled: false }

/**
 * Ends abandoned attempts: those that only waited for their turn, and those whose process is gone.
 * @param next the configuration that the same transaction reserves for afterwards
 */
export async function endOpenAttempts(
  tx: Tx,
  workspaceId: string,
  attempts: readonly StoredAttempt[],
  next?: string,
): Promise<void> {
  const open = attempts.filter(({ status }) => status === 'waiting' || status === 'running')
  const named = [...open.map((each) => each.configuration_id), next].filter((id) => typeof id === 'string')
  const touched = [...new Set(named)]
  if (open.length > 0 && touched.length > 1) await lockSpending(tx, workspaceId, touched)
  for (const attempt of open) {
    if (attempt.status === 'waiting') await endAttempt(tx, workspaceId, attempt, NOT_BEGUN)
    if (attempt.status === 'running') await endAttempt(tx, workspaceId, attempt, INTERRUPTED)
  }
}

/**
 * Ends a generation whose attempts are open but not worked on, unless it has ended.
 * @param runId ends it for this run alone: not when another one has taken it
 * @returns whether it did
 */
export async function endUnattended(
  tx: Tx,
  target: Target,
  end: GenerationEnd,
  runId?: string,
): Promise<boolean> {
  const row = await lockGeneration(tx, target)
  if (row === undefined || isFinished(row.status)) return false
  if (runId !== undefined && row.run_id !== null && row.run_id !== runId) return false
  await endOpenAttempts(tx, target.workspaceId, await readAttempts(tx, target))
  await endGeneration(tx, target, end)
  return true
}

/** Tells open pages, at every instance, that generations were asked for, began or ended. Call it after the commit. */
export function tellOfGenerations(workspaceId: string): void {
  newsPublisher().publish(workspaceId, 'generations')
}
