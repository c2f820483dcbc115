import { getRuntime } from '../../runtime.ts'

const AT_ONCE = 5000

/**
 * Deletes deliveries that are over and older than `limits.webhook_retention_days`.
 * @returns whether there may be more
 */
export async function expireDeliveries(now = new Date()): Promise<boolean> {
  const { config, database } = getRuntime()
  const { pool } = database.primary
  const before = new Date(now.getTime() - config.limits.webhook_retention_days * 86_400_000)
  const { rowCount } = await pool.query(
    `DELETE FROM webhook_delivery WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM webhook_delivery
       WHERE created_at < least($1::timestamptz, now()) AND state <> 'waiting' LIMIT $2)`,
    [before, AT_ONCE],
  )
  return rowCount === AT_ONCE
}
