import type pg from 'pg'
import { isoTime } from '../db/columns.ts'
import { COUNTS_AS_LATE } from '../outbox/stored-messages.ts'
import type { UpkeepStep } from '../upkeep/upkeep.ts'
import type { PoisonedMessage, System } from './system-schema.ts'

const MOST_MESSAGES = 50

type Work = NonNullable<System['work']>
type Connection = Pick<pg.Pool, 'query'>

/** Of all workspaces together: one runner and one outbox serve them. */
const FIGURES = `SELECT queue.*, sent.* FROM (
    SELECT count(*) FILTER (WHERE status = 'queued')::integer AS queued,
      coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE status = 'queued')), 0)::float8 AS queue_oldest,
      count(*) FILTER (WHERE status = 'running')::integer AS running
    FROM generated_content WHERE status IN ('queued', 'running')
  ) queue, (
    SELECT count(*) FILTER (WHERE tries < $1)::integer AS waiting,
      coalesce(extract(epoch FROM now() - min(written_at) FILTER (WHERE tries < $1 AND ${COUNTS_AS_LATE})), 0)::float8
        AS outbox_oldest,
      count(*) FILTER (WHERE tries >= $1)::integer AS poisoned
    FROM outbox
  ) sent`

interface Figures {
  queued: number
  queue_oldest: number
  running: number
  waiting: number
  outbox_oldest: number
  poisoned: number
}

const POISONED = `SELECT id, name, target, subject, tries,
    ${isoTime('written_at')} AS written_at
  FROM outbox WHERE workspace_id = $1::uuid AND tries >= $2 ORDER BY outbox.written_at, id LIMIT ${MOST_MESSAGES}`

/** What waits in the queue and the outbox, of all workspaces. @param tries `limits.outbox_tries` */
export async function readQueues(
  connection: Connection,
  tries: number,
): Promise<{ queue: Work['queue']; outbox: Omit<Work['outbox'], 'messages'> }> {
  const { rows } = await connection.query<Figures>(FIGURES, [tries])
  const {
    queued = 0,
    queue_oldest = 0,
    running = 0,
    waiting = 0,
    outbox_oldest = 0,
    poisoned = 0,
  } = rows[0] ?? {}
  return {
    queue: { queued, oldest_seconds: queue_oldest, running },
    outbox: { waiting, oldest_seconds: outbox_oldest, poisoned },
  }
}

/** The messages of a workspace that are no longer sent, the oldest first. */
export async function readPoisoned(
  connection: Connection,
  workspaceId: string,
  tries: number,
): Promise<PoisonedMessage[]> {
  const { rows } = await connection.query<PoisonedMessage>(POISONED, [workspaceId, tries])
  return rows
}

const LAST = `SELECT step, (extract(epoch FROM succeeded_at) * 1000)::float8 AS at,
    (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now FROM upkeep`

/** Rounds come by the minute: a step is late when it has missed two of its times and some rounds. */
const PATIENCE_MS = 180_000

/** When each step of the upkeep was done last by any instance, by the database's clock. */
export async function readUpkeep(
  connection: Connection,
  steps: readonly Pick<UpkeepStep, 'name' | 'everyMs'>[],
  failures: ReadonlyMap<string, number> = new Map(),
): Promise<Work['upkeep']> {
  const { rows } = await connection.query<{ step: string; at: number; now: number }>(LAST)
  const last = new Map(rows.map(({ step, at }) => [step, at]))
  const now = rows[0]?.now ?? Date.now()
  return steps.map(({ name, everyMs }) => {
    const at = last.get(name)
    return {
      step: name,
      every_ms: everyMs,
      last_at: at === undefined ? null : new Date(at).toISOString(),
      next_at: at === undefined ? null : new Date(at + everyMs).toISOString(),
      late: at !== undefined && now - at > 2 * everyMs + PATIENCE_MS,
      failures: failures.get(name) ?? 0,
    }
  })
}

/** Beside the steps of the upkeep, so that /metrics tells its age as well. */
export const BACKUP_STEP = 'backup'

/** When our own command last made a backup, and its age in milliseconds by the database's clock. */
export async function readLastBackup(
  connection: Connection,
): Promise<{ at: string; ageMs: number } | undefined> {
  const { rows } = await connection.query<{ at: number; age: number }>(
    `SELECT (extract(epoch FROM succeeded_at) * 1000)::float8 AS at,
       (extract(epoch FROM clock_timestamp() - succeeded_at) * 1000)::float8 AS age FROM upkeep WHERE step = $1`,
    [BACKUP_STEP],
  )
  const [row] = rows
  return row && { at: new Date(row.at).toISOString(), ageMs: row.age }
}
