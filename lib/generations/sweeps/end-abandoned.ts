import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { jobTarget } from '../../jobs.ts'
import { getRuntime } from '../../runtime.ts'
import { requested } from '../jobs.ts'
import { endAttempt, readAttempts } from '../store/attempt.ts'
import {
  endUnattended,
  type GenerationEnd,
  INTERRUPTED,
  lockGeneration,
  tellOfGenerations,
} from '../store/generation-row.ts'
import { findSilent } from '../store/signs-of-life.ts'
import type { Target } from '../streaming/read-progress.ts'

const AT_ONCE = 500
const RUNS_AT_ONCE = 20_000
const JOBS_AT_ONCE = 1000
/** A process that makes a call looks five times a second whether the call was stopped. */
const STOPPED_FOR_SECONDS = 10
/** Signs of life come every second: attempts whose last sign is so old are watched. */
const SUSPECT_AFTER_SECONDS = 30
/** Between two attempts a run waits for a provider, or for its turn; then it is not idle for so long. */
const IDLE_FOR_SECONDS = 300
/** Generations that no run has begun are handed on earlier. */
const NOT_BEGUN_FOR_SECONDS = 60

const STOPPED = `SELECT workspace_id AS "workspaceId", id FROM generated_content
  WHERE status IN ('queued', 'running') AND cancel_requested_at < now() - make_interval(secs => $1) LIMIT $2`

const SUSPECT = `SELECT workspace_id AS "workspaceId", generation_id AS id, id AS attempt FROM generation_attempt
  WHERE settled_at IS NULL AND status = 'running'
    AND CASE WHEN alive_at IS NULL THEN started_at < now() - make_interval(secs => $3)
      ELSE alive_at < now() - make_interval(secs => $1) END LIMIT $2`

/** Generations whose message is still in the outbox are not lost: they were not sent yet. */
const idle = (
  isBegun: boolean,
) => `SELECT g.workspace_id AS "workspaceId", g.id, g.queue, g.configuration->>'provider' AS provider,
    g.run_id IS NOT NULL AS "wasBegun", last.attempts, floor(extract(epoch FROM now() - last.at) / 60)::integer AS minutes
  FROM generated_content g CROSS JOIN LATERAL (
    SELECT greatest(g.created_at, max(a.settled_at)) AS at, count(*)::integer AS attempts,
      coalesce(bool_or(a.status = 'running'), false) AS is_running
    FROM generation_attempt a WHERE a.workspace_id = g.workspace_id AND a.generation_id = g.id
  ) last
  WHERE g.status IN ('queued', 'running') AND g.cancel_requested_at IS NULL
    AND g.created_at < now() - make_interval(secs => $1) AND NOT last.is_running
    AND g.run_id IS ${isBegun ? 'NOT NULL' : 'NULL'} AND last.at < now() - make_interval(secs => $1)
    AND NOT EXISTS (
      SELECT FROM outbox o WHERE o.workspace_id = g.workspace_id AND o.target = 'jobs' AND o.subject = g.id::text)
  ORDER BY g.created_at LIMIT $2`

interface Idle extends Target {
  queue: 'interactive' | 'batch'
  provider: string
  wasBegun: boolean
  attempts: number
  minutes: number
}

/**
 * Looks after abandoned generations: ends those that were stopped while their process was dying, ends attempts whose
 * process gives no sign of life, and hands generations that were sent and then lost to a new run: with an Inngest
 * server that has forgotten them, say, or after a restore. A generation that no run has gone on with for
 * `limits.generation_start_hours` fails.
 * @returns whether there may be more
 * @throws unavailable; whatever the events could not be sent for
 */
export async function endAbandoned(): Promise<boolean> {
  const stopped = await find<Target>(STOPPED, STOPPED_FOR_SECONDS, AT_ONCE)
  for (const target of stopped) await within(target, (tx) => endStopped(tx, target))
  const suspects = await find<Target & { attempt: string }>(
    SUSPECT,
    SUSPECT_AFTER_SECONDS,
    AT_ONCE,
    callSeconds(),
  )
  const silent = await findSilent(suspects.map(({ attempt }) => attempt))
  for (const suspect of suspects)
    if (silent.has(suspect.attempt))
      await within(suspect, (tx) => endDeadAttempt(tx, suspect, suspect.attempt))
  // Each by itself: a long queue must not hide the runs that were lost.
  await runAgain(await find<Idle>(idle(true), idleSeconds(), RUNS_AT_ONCE))
  await runAgain(await find<Idle>(idle(false), NOT_BEGUN_FOR_SECONDS, RUNS_AT_ONCE))
  return stopped.length === AT_ONCE || suspects.length === AT_ONCE
}

/** The longest call of an instance of the version before this one, whose attempts give no sign of life. */
function callSeconds(): number {
  const { connect_ms, answer_ms } = getRuntime().config.ai
  return (connect_ms + answer_ms) / 1000 + 60
}

/** No wait that a provider asks for is longer. */
function idleSeconds(): number {
  return Math.max(IDLE_FOR_SECONDS, 2 * getRuntime().config.ai.retry_after_max)
}

/**
 * Sends an event with an id of its own after some minutes, after twice as many, four times … The run that it
 * starts takes the generation; an old one that still lives ends at its next step.
 */
async function runAgain(idle: readonly Idle[]): Promise<void> {
  const hours = getRuntime().config.limits.generation_start_hours
  const isOver = ({ minutes }: Idle) => minutes >= hours * 60
  // endNotStarted ends those that no run has begun.
  for (const target of idle.filter((each) => each.wasBegun && isOver(each)))
    await within(target, (tx) => endUnattended(tx, target, LOST))
  const jobs = idle
    .filter((each) => !isOver(each))
    .map(({ attempts, minutes, wasBegun: _wasBegun, ...row }) =>
      requested({ ...row, sweep: (attempts + 1) * SWEEPS + Math.floor(Math.log2(Math.max(1, minutes))) }),
    )
  for (let sent = 0; sent < jobs.length; sent += JOBS_AT_ONCE)
    await jobTarget.send(jobs.slice(sent, sent + JOBS_AT_ONCE))
}

/** More than the sweeps of one wait: those after each attempt have numbers of their own. */
const SWEEPS = 64

const LOST: GenerationEnd = {
  status: 'failed',
  text: null,
  reason: { code: 'lost', message: 'Nobody worked on it any more.' },
}

async function find<Row extends Target>(statement: string, ...values: number[]): Promise<Row[]> {
  const { rows } = await onPrimary(({ pool }) => pool.query<Row>(statement, values))
  return rows
}

async function within({ workspaceId }: Target, work: (tx: Tx) => Promise<unknown>): Promise<void> {
  await onPrimary(({ prisma }) => prisma.$transaction(work))
  tellOfGenerations(workspaceId)
}

/** The text that its process has written is kept. */
async function endStopped(tx: Tx, target: Target): Promise<void> {
  const [arrived] = await tx.$queryRaw<{ text: string | null }[]>`
    SELECT string_agg(text, '' ORDER BY position) AS text FROM generation_chunk c
    WHERE workspace_id = ${target.workspaceId}::uuid AND generation_id = ${target.id}::uuid AND attempt = (
      SELECT max(attempt) FROM generation_chunk
      WHERE workspace_id = ${target.workspaceId}::uuid AND generation_id = ${target.id}::uuid)`
  await endUnattended(tx, target, { status: 'cancelled', text: arrived?.text ?? null })
}

/** Its run may still begin another attempt: the generation itself goes on. */
async function endDeadAttempt(tx: Tx, target: Target, attemptId: string): Promise<void> {
  if ((await lockGeneration(tx, target)) === undefined) return
  const attempt = (await readAttempts(tx, target)).find(({ id }) => id === attemptId)
  if (attempt?.status === 'running') await endAttempt(tx, target.workspaceId, attempt, INTERRUPTED)
}
