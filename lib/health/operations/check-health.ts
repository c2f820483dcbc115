import { getRuntime } from '../../runtime.ts'
import { VERSION } from '../../version.ts'
import type { Health, Liveness, Readiness } from '../schema.ts'

/** The process runs: nothing else is asked, the database least of all. */
export function checkLiveness(): Liveness {
  return { status: 'alive' }
}

/**
 * Whether this instance should get requests: started, not draining, database answering, changes heard.
 * Reads what the poll last found out; it never waits.
 */
export function checkReadiness(): Readiness {
  const { phase, waitingFor, database, feed } = getRuntime()
  const started = waitingFor === undefined
  const checks: Readiness['checks'] = {
    start: started ? 'done' : waitingFor,
    database: database.availability.down ? 'down' : 'up',
    change_feed: feed.ready ? 'listening' : 'away',
  }
  const ready = phase === 'ready' && started && checks.database === 'up' && checks.change_feed === 'listening'
  return { status: ready ? 'ready' : 'not_ready', checks }
}

/** One look for people and for monitors of the original system. */
export function checkHealth(): Health {
  const { config, phase, startedAt, database } = getRuntime()
  const down = database.availability.down
  return {
    status:
      phase === 'draining' ? 'draining' : phase === 'starting' ? 'starting' : down ? 'degraded' : 'healthy',
    service: config.server.name,
    version: config.server.version ?? VERSION,
    uptime_seconds: Math.floor((Date.now() - startedAt) / 1000),
    database: down ? 'down' : 'up',
  }
}
