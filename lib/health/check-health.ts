import { onPrimary } from '../db/read.ts'
import { isWorkDone } from '../jobs.ts'
import { getRuntime } from '../runtime.ts'
import { VERSION } from '../version.ts'
import type { Health, Liveness, Readiness } from './schema.ts'
import type { Checks } from './system-schema.ts'

/** Readiness with all of its checks, which not everybody is told. */
export type WholeReadiness = Readiness & { checks: Checks }

/** The process runs: nothing else is asked, the database least of all. */
export function checkLiveness(): Liveness {
  return { status: 'alive' }
}

/**
 * Whether this instance should get requests: started, not draining, database answering and taking changes,
 * changes heard. Used-up connections and held locks are reported and pass by themselves: an instance that is
 * taken out for them would leave its work to the others. Reads what was last found out; it never waits.
 */
export function checkReadiness(): WholeReadiness {
  const { phase, waitingFor, database, feed } = getRuntime()
  const { availability, troubles } = database
  const started = waitingFor === undefined
  const checks: Checks = {
    start: started ? 'done' : waitingFor,
    database: availability.up ? 'up' : 'down',
    change_feed: feed.ready ? 'listening' : 'away',
    disk: troubles.has('storage_full') ? 'full' : 'ok',
    changes: troubles.has('read_only') ? 'read_only' : 'ok',
    connections: troubles.has('overloaded') ? 'used_up' : 'ok',
    locks: troubles.has('lock_timeout') ? 'held' : 'ok',
  }
  const isServing = availability.up && feed.ready
  const isWriting = checks.disk === 'ok' && checks.changes === 'ok'
  const ready = phase === 'ready' && started && isServing && isWriting
  return { status: ready ? 'ready' : 'not_ready', checks }
}

/** One look for people and for monitors of the original system. */
export function checkHealth(): Health {
  const { config, phase, startedAt, database } = getRuntime()
  const { availability, troubles } = database
  const silent = !isWorkDone()
  const isWhole = availability.up && !troubles.has('storage_full') && !troubles.has('read_only') && !silent
  return {
    status: phase === 'draining' || phase === 'starting' ? phase : isWhole ? 'healthy' : 'degraded',
    service: config.server.name,
    version: config.server.version ?? VERSION,
    uptime_seconds: Math.floor((Date.now() - startedAt) / 1000),
    database: availability.up ? 'up' : 'down',
    background_work: silent ? 'silent' : 'up',
  }
}

const STEP = 'inngest_check_in'

/** Notes a call by the runner of the functions; every instance can see it. */
export async function noteCheckIn(): Promise<void> {
  await onPrimary(({ pool }) =>
    pool.query(
      `INSERT INTO upkeep (step, succeeded_at) VALUES ($1, clock_timestamp())
       ON CONFLICT (step) DO UPDATE SET succeeded_at = excluded.succeeded_at`,
      [STEP],
    ),
  )
}

/** Milliseconds since the last one at any instance; Infinity when there was none. @throws unavailable */
export async function sinceCheckIn(): Promise<number> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp() - succeeded_at) * 1000)::float8 AS ms FROM upkeep WHERE step = $1',
      [STEP],
    ),
  )
  return rows[0]?.ms ?? Number.POSITIVE_INFINITY
}
