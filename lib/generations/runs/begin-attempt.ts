import { setTimeout as delay } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import type { RunConfig } from '../../ai/run-settings.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import type { Message } from '../../prompts/content/content.ts'
import { getRuntime } from '../../runtime.ts'
import { isFinished } from '../status.ts'
import {
  ATTEMPT_COLUMNS,
  errorOf,
  insertAttempt,
  insertRefusedAttempt,
  type Reason,
  readAttempts,
  type StoredAttempt,
} from '../store/attempt.ts'
import {
  endGeneration,
  endOpenAttempts,
  INTERRUPTED,
  lockGeneration,
  tellOfGenerations,
} from '../store/generation-row.ts'
import { isAnyAlive, type Signs, signsOf } from '../store/signs-of-life.ts'
import type { Target } from '../streaming/read-progress.ts'
import { reserveCall, type UsableConfiguration } from './reserve.ts'

/** What comes of beginning an attempt. */
export type BeginResult =
  /** The generation has ended: answered before, stopped, or gone. */
  | { kind: 'ended' }
  /** The limits of the configuration have no room for some seconds; nothing was written. */
  | { kind: 'wait'; seconds: number; reason: Reason }
  /** They will not have any: that is written down as an attempt that failed. */
  | { kind: 'refused'; reason: Reason }
  | ({ kind: 'begun'; attempt: StoredAttempt; lastError: Reason | null } & Sent)

/** What is sent, and what the version says about how the model is asked. */
interface Sent {
  messages: Message[]
  config: RunConfig | null
}

export interface BeginAttemptInput {
  id: string
  configuration: UsableConfiguration
  /** The run that orders it; it ends when another run has taken the generation. */
  runId?: string | undefined
}

const BUSY_SECONDS = 5
const BUSY: Extract<BeginResult, { kind: 'wait' }> = {
  kind: 'wait',
  seconds: BUSY_SECONDS,
  reason: { code: 'running', message: 'Another process makes a call for it.' },
}

/**
 * Begins an attempt: its share of the limits is set aside and its row is there before the provider is asked. An
 * attempt that already runs belongs to another process: it is ended when that process gives no sign of life for
 * `ai.silent_ms`, and waited for otherwise.
 * @throws unavailable
 */
export async function beginAttempt(actor: Actor, input: BeginAttemptInput): Promise<BeginResult> {
  const begun = await begin(actor, input)
  if (begun.kind !== 'wait') tellOfGenerations(actor.workspaceId)
  return begun
}

async function begin(actor: Actor, input: BeginAttemptInput): Promise<BeginResult> {
  const fast = await beginOnFastPath(actor.workspaceId, input)
  if (fast !== undefined) return fast
  const begun = await beginInTransaction(actor, input, new Map())
  if (begun.kind !== 'busy') return begun
  await delay(getRuntime().config.ai.silent_ms)
  const later = await beginInTransaction(actor, input, begun.signs)
  return later.kind === 'busy' ? BUSY : later
}

/** @param silent those that are over unless they have given another sign since */
function beginInTransaction(
  actor: Actor,
  { id, configuration, runId }: BeginAttemptInput,
  silent: Signs,
): Promise<BeginResult | { kind: 'busy'; signs: Signs }> {
  const target = { workspaceId: actor.workspaceId, id }
  return change<BeginResult | { kind: 'busy'; signs: Signs }>(actor, async ({ tx }) => {
    const row = await lockGeneration(tx, target)
    if (row === undefined || isFinished(row.status)) return { kind: 'ended' }
    if (runId !== undefined && row.run_id !== runId) return { kind: 'ended' }
    const attempts = await readAttempts(tx, target)
    const signs = signsOf(attempts)
    if (isAnyAlive(signs, silent)) return { kind: 'busy', signs }
    const waiting = attempts.find(
      ({ status, configuration_id }) => status === 'waiting' && configuration_id === configuration.id,
    )
    const isStopped = row.cancel_requested_at !== null
    const open = isStopped ? attempts : attempts.filter((each) => each !== waiting)
    await endOpenAttempts(tx, actor.workspaceId, open, configuration.id)
    if (isStopped) {
      await endGeneration(tx, target, { status: 'cancelled', text: null })
      return { kind: 'ended' }
    }
    const before = attempts.findLast((each) => each !== waiting)
    const { messages, config } = row
    const next = { target, configuration, messages, config, lastError: lastErrorOf(before) }
    if (waiting !== undefined) return beginWaiting(tx, next, waiting)
    return reserveAndBegin(tx, next, (before?.attempt ?? 0) + 1)
  })
}

/**
 * The fast path, one statement: the attempt that was set aside with the request begins, no other attempt is open,
 * and nobody has stopped the generation.
 */
const FAST_PATH = `WITH generation AS MATERIALIZED (
    SELECT g.id, g.messages, g.config FROM generated_content g
    WHERE g.workspace_id = $1::uuid AND g.id = $2::uuid AND g.status = 'queued' AND g.cancel_requested_at IS NULL
      AND ($5::text IS NULL OR g.run_id = $5)
    FOR UPDATE
  ), begun AS (
    UPDATE generation_attempt a SET status = 'running', started_at = clock_timestamp() FROM generation
    WHERE a.workspace_id = $1::uuid AND a.generation_id = generation.id AND a.status = 'waiting' AND a.attempt = 1
      AND a.configuration_id = $3::uuid
    RETURNING ${ATTEMPT_COLUMNS}
  ), marked AS (
    UPDATE generated_content g SET status = 'running', started_at = clock_timestamp(), configuration = $4::json
    FROM begun WHERE g.workspace_id = $1::uuid AND g.id = $2::uuid
  )
  SELECT begun.*, generation.messages, generation.config FROM begun, generation`

async function beginOnFastPath(
  workspaceId: string,
  { id, configuration, runId }: BeginAttemptInput,
): Promise<Extract<BeginResult, { kind: 'begun' }> | undefined> {
  const values = [workspaceId, id, configuration.id, JSON.stringify(configuration.facts), runId ?? null]
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<StoredAttempt & Sent>({
      name: 'generations.begin',
      text: FAST_PATH,
      values,
    }),
  )
  const [row] = rows
  if (row === undefined) return undefined
  const { messages, config, ...attempt } = row
  return { kind: 'begun', attempt, messages, config, lastError: null }
}

interface Next extends Sent {
  target: Target
  configuration: UsableConfiguration
  lastError: Reason | null
}

/** One that was still open has just been ended. */
function lastErrorOf(attempt: StoredAttempt | undefined): Reason | null {
  if (attempt === undefined) return null
  return attempt.status === 'running' ? (INTERRUPTED.reason ?? null) : errorOf(attempt)
}

async function beginWaiting(tx: Tx, next: Next, attempt: StoredAttempt): Promise<BeginResult> {
  await markRunning(tx, next, attempt)
  const { messages, config, lastError } = next
  return { kind: 'begun', attempt, messages, config, lastError }
}

async function reserveAndBegin(tx: Tx, next: Next, number: number): Promise<BeginResult> {
  const { target, configuration, messages, config, lastError } = next
  await markRunning(tx, next)
  // Last: the rows of the limits stay locked until the transaction ends.
  const reserved = await reserveCall(tx, { workspaceId: target.workspaceId, configuration, messages })
  if ('reservation' in reserved) {
    const { reservation } = reserved
    const attempt = await insertAttempt(tx, target, {
      attempt: number,
      configuration,
      status: 'running',
      reservation,
    })
    return { kind: 'begun', attempt, messages, config, lastError }
  }
  const { refusal, isPassing } = reserved
  const reason = {
    code: refusal.code === 'rate_limited' ? 'limit_reached' : refusal.code,
    message: refusal.message,
  }
  if (isPassing) return { kind: 'wait', seconds: refusal.retryAfter ?? 1, reason }
  await insertRefusedAttempt(tx, target, { attempt: number, configuration }, reason)
  return { kind: 'refused', reason }
}

/** From now on it runs; its copy of the configuration is the one that is used. */
async function markRunning(tx: Tx, { target, configuration }: Next, waiting?: StoredAttempt): Promise<void> {
  await tx.$executeRaw`
    WITH begun AS (
      UPDATE generation_attempt SET status = 'running', started_at = clock_timestamp()
      WHERE workspace_id = ${target.workspaceId}::uuid AND id = ${waiting?.id ?? null}::uuid
    )
    UPDATE generated_content SET status = 'running', started_at = coalesce(started_at, clock_timestamp()),
      configuration = CASE WHEN configuration_id = ${configuration.id}::uuid
        THEN ${JSON.stringify(configuration.facts)}::json ELSE configuration END
    WHERE workspace_id = ${target.workspaceId}::uuid AND id = ${target.id}::uuid`
}
