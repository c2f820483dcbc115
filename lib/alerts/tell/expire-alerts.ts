import { getRuntime } from '../../runtime.ts'

const AT_ONCE = 5000

/**
 * Deletes what is over and fired more than `limits.alert_retention_days` ago, some of it in one round.
 * @returns whether there may be more
 */
export async function expireAlerts(now = new Date()): Promise<boolean> {
  const { config, database } = getRuntime()
  const before = new Date(now.getTime() - config.limits.alert_retention_days * 86_400_000)
  const { rowCount } = await database.primary.pool.query(
    `DELETE FROM alert_event WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM alert_event
       WHERE fired_at < least($1::timestamptz, now()) AND resolved_at IS NOT NULL LIMIT $2)`,
    [before, AT_ONCE],
  )
  return rowCount === AT_ONCE
}
