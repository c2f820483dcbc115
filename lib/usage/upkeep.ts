import { getRuntime } from '../runtime.ts'
import { rollUpUsage } from './roll-up.ts'

const AHEAD_DAYS = 4
const DAY_MS = 86_400_000
const EXPIRED_BATCH = 5000

/**
 * The round of the start, so that everything is in order before the first event, whoever calls the
 * function that does the same every hour. Every instance may do it. A failure is logged and left to that function.
 */
export async function keepUp(now = new Date()): Promise<void> {
  try {
    await makeUsagePartitions(now)
    await expireUsage(now)
    await rollUp(now)
  } catch (error) {
    getRuntime().log.warn({ err: error }, 'upkeep could not finish; it is tried again within the hour')
  }
}

/** Partitions of the coming days exist before their first event. */
export async function makeUsagePartitions(now = new Date()): Promise<void> {
  const { pool } = getRuntime().database.primary
  await pool.query('SELECT ensure_usage_partitions($1::date, $2)', [isoDay(now), AHEAD_DAYS])
}

/** Old partitions go, and so do expired idempotency keys. */
export async function expireUsage(now = new Date()): Promise<void> {
  await dropOldPartitions(now, getRuntime().config.limits.usage_retention_days)
  await dropExpiredKeys()
}

/** Sums up the days that are over. */
export async function rollUp(now = new Date()): Promise<void> {
  await rollUpUsage(getRuntime().database.primary.pool, now)
}

/** Single events are dropped a day at a time; their roll-ups stay. */
async function dropOldPartitions(now: Date, retentionDays: number): Promise<void> {
  const { pool } = getRuntime().database.primary
  const oldest = new Date(now.getTime() - retentionDays * DAY_MS)
  await pool.query('SELECT drop_usage_partitions($1::date)', [isoDay(oldest)])
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
