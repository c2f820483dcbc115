import { getRuntime } from '../runtime.ts'
import { DAY_MS, dayOf } from './partitions.ts'

/** A clock that is wrong takes no more than these from the history before somebody sees it. */
const DAYS_AT_ONCE = 7
const KEYS_AT_ONCE = 5000
const KEY_ROUNDS = 20

/**
 * Drops single uses that are older than `limits.usage_retention_days`, some days in one round; their sums stay.
 * The older of both clocks counts, the app's and the database's.
 * @returns whether there may be more
 */
export async function expireUsage(now = new Date()): Promise<boolean> {
  const { config, database } = getRuntime()
  const oldest = dayOf(now.getTime() - config.limits.usage_retention_days * DAY_MS)
  const { rows } = await database.primary.pool.query<{ dropped: number }>(
    `SELECT drop_usage_partitions(least($1::date, (now() AT TIME ZONE 'UTC')::date - $2::integer), $3) AS dropped`,
    [oldest, config.limits.usage_retention_days, DAYS_AT_ONCE],
  )
  return rows[0]?.dropped === DAYS_AT_ONCE
}

/**
 * Deletes answers that were kept for an Idempotency-Key and have expired, some of them in one round.
 * @returns whether there may be more
 */
export async function expireKeys(): Promise<boolean> {
  const { pool } = getRuntime().database.primary
  for (let round = 0; round < KEY_ROUNDS; round++) {
    const { rowCount } = await pool.query(
      `DELETE FROM idempotency_key WHERE (workspace_id, actor_id, route, key) IN
         (SELECT workspace_id, actor_id, route, key FROM idempotency_key WHERE expires_at < now() LIMIT $1)`,
      [KEYS_AT_ONCE],
    )
    if ((rowCount ?? 0) < KEYS_AT_ONCE) return false
  }
  return true
}
