import type { Tx } from '../../db/client.ts'
import { readPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'
import { endAttempt, readAttempts } from '../attempt.ts'
import { endUnattended, type GenerationEnd, INTERRUPTED, lockGeneration } from '../generation-row.ts'
import { isFinished } from '../schema.ts'
import type { Target } from '../streaming/read-progress.ts'

const AT_ONCE = 500
/** Who makes a call looks five times a second whether it was stopped. */
const STOPPED_FOR_SECONDS = 10
/** After the longest call there is, an attempt is still kept within this time. */
const MARGIN_SECONDS = 60
/** No wait between two attempts is so long. */
const IDLE_FOR_SECONDS = 3600

const STOPPED = `SELECT workspace_id AS "workspaceId", id FROM generated_content
  WHERE status IN ('queued', 'running') AND cancel_requested_at < now() - make_interval(secs => $1) LIMIT $2`

const DEAD = `SELECT workspace_id AS "workspaceId", generation_id AS id FROM generation_attempt
  WHERE settled_at IS NULL AND status = 'running' AND started_at < now() - make_interval(secs => $1) LIMIT $2`

const IDLE = `SELECT g.workspace_id AS "workspaceId", g.id FROM generated_content g
  WHERE g.status = 'running' AND g.created_at < now() - make_interval(secs => $1) AND NOT EXISTS (
    SELECT FROM generation_attempt a WHERE a.workspace_id = g.workspace_id AND a.generation_id = g.id
      AND (a.settled_at IS NULL OR a.settled_at > now() - make_interval(secs => $1))) LIMIT $2`

/**
 * Ends what nobody works on any more: generations that were stopped while the process that ran them was
 * dying, attempts that are older than any call can be, and generations whose run was lost altogether.
 * @returns how many
 * @throws unavailable
 */
export async function endAbandoned(): Promise<number> {
  const { connect_ms, answer_ms } = getRuntime().config.ai
  const deadAfter = (connect_ms + answer_ms) / 1000 + MARGIN_SECONDS
  const [stopped, dead, idle] = [
    await find(STOPPED, STOPPED_FOR_SECONDS),
    await find(DEAD, deadAfter),
    await find(IDLE, IDLE_FOR_SECONDS),
  ]
  for (const target of stopped) await within((tx) => endStopped(tx, target))
  for (const target of dead) await within((tx) => endDeadAttempts(tx, target, deadAfter))
  for (const target of idle) await within((tx) => endUnattended(tx, target, LOST))
  return stopped.length + dead.length + idle.length
}

const LOST: GenerationEnd = {
  status: 'failed',
  text: null,
  reason: { code: 'lost', message: 'Nobody worked on it any more.' },
}

async function find(statement: string, seconds: number): Promise<Target[]> {
  const { rows } = await readPrimary(({ pool }) => pool.query<Target>(statement, [seconds, AT_ONCE]))
  return rows
}

function within(work: (tx: Tx) => Promise<unknown>): Promise<unknown> {
  return readPrimary(({ prisma }) => prisma.$transaction(work))
}

/** What its process has written of the text is kept. */
async function endStopped(tx: Tx, target: Target): Promise<void> {
  const [arrived] = await tx.$queryRaw<{ text: string | null }[]>`
    SELECT string_agg(text, '' ORDER BY position) AS text FROM generation_chunk c
    WHERE workspace_id = ${target.workspaceId}::uuid AND generation_id = ${target.id}::uuid AND attempt = (
      SELECT max(attempt) FROM generation_chunk
      WHERE workspace_id = ${target.workspaceId}::uuid AND generation_id = ${target.id}::uuid)`
  await endUnattended(tx, target, { status: 'cancelled', text: arrived?.text ?? null })
}

/** Its run may still begin another attempt: the generation itself goes on. */
async function endDeadAttempts(tx: Tx, target: Target, seconds: number): Promise<void> {
  const row = await lockGeneration(tx, target)
  if (row === undefined) return
  const oldest = Date.now() - seconds * 1000
  for (const attempt of await readAttempts(tx, target))
    if (attempt.status === 'running' && (isFinished(row.status) || attempt.started_at.getTime() < oldest))
      await endAttempt(tx, target.workspaceId, attempt, INTERRUPTED)
}
