import { getRuntime } from '../runtime.ts'
import { rollUpUsage } from './roll-up.ts'

const AHEAD_DAYS = 4
const HOUR_MS = 3_600_000
const EXPIRED_BATCH = 5000

/**
 * Keeps the house in order, at start and every hour: partitions of the coming days exist before their
 * first event, old ones go, expired idempotency keys go. Every instance may do it; the work is the same.
 */
export function startUpkeep(): void {
  const runtime = getRuntime()
  runtime.once('usage.upkeep', () => {
    const timer = setInterval(() => void keepUp(), HOUR_MS)
    timer.unref()
    runtime.onShutdown('close', 'upkeep', () => clearInterval(timer))
    return timer
  })
}

/** One round of upkeep. A failure is logged and left to the next round. */
export async function keepUp(now = new Date()): Promise<void> {
  const { config, log } = getRuntime()
  try {
    await makePartitions(now)
    await dropOldPartitions(now, config.limits.usage_retention_days)
    await dropExpiredKeys()
    await rollUpUsage(getRuntime().database.primary.pool, now)
  } catch (error) {
    log.warn({ err: error }, 'upkeep could not finish; it is tried again within the hour')
  }
}

async function makePartitions(now: Date): Promise<void> {
  const { pool } = getRuntime().database.primary
  await pool.query('SELECT ensure_usage_partitions($1::date, $2)', [isoDay(now), AHEAD_DAYS])
}

/** Single events are dropped a day at a time; their roll-ups stay. */
async function dropOldPartitions(now: Date, retentionDays: number): Promise<void> {
  const { pool } = getRuntime().database.primary
  const oldest = `prompt_usage_${isoDay(new Date(now.getTime() - retentionDays * 24 * HOUR_MS)).replaceAll('-', '')}`
  const { rows } = await pool.query<{ name: string }>(
    `SELECT child.relname AS name FROM pg_inherits
     JOIN pg_class child ON child.oid = inhrelid
     WHERE inhparent = 'prompt_usage'::regclass AND child.relname ~ '^prompt_usage_[0-9]{8}$' AND child.relname < $1`,
    [oldest],
  )
  // The names come from the catalogue and match the pattern above: nothing to quote.
  for (const { name } of rows) await pool.query(`DROP TABLE IF EXISTS ${name}`)
}

async function dropExpiredKeys(): Promise<void> {
  const { pool } = getRuntime().database.primary
  for (let deleted = EXPIRED_BATCH; deleted === EXPIRED_BATCH; ) {
    const result = await pool.query(
      `DELETE FROM idempotency_key WHERE (workspace_id, actor_id, route, key) IN
         (SELECT workspace_id, actor_id, route, key FROM idempotency_key WHERE expires_at < now() LIMIT $1)`,
      [EXPIRED_BATCH],
    )
    deleted = result.rowCount ?? 0
  }
}

function isoDay(time: Date): string {
  return time.toISOString().slice(0, 10)
}
