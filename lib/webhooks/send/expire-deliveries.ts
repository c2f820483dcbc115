import { getRuntime } from '../../runtime.ts'

const AT_ONCE = 5000

/** A message that an operator dropped, say: nothing sends it any more. */
const LOST = `UPDATE webhook_delivery d SET state = 'given_up', next_at = NULL, error = 'Its message is gone from the outbox.'
  WHERE d.state = 'waiting' AND NOT EXISTS (SELECT FROM outbox o
    WHERE o.workspace_id = d.workspace_id AND o.target = 'webhooks' AND o.id = 'webhook ' || d.id)`

/**
 * Gives up deliveries that nothing sends any more, and deletes that are over and older than `limits.webhook_retention_days`.
 * @returns whether there may be more
 */
export async function expireDeliveries(now = new Date()): Promise<boolean> {
  const { config, database } = getRuntime()
  const { pool } = database.primary
  const before = new Date(now.getTime() - config.limits.webhook_retention_days * 86_400_000)
  await pool.query(LOST)
  const { rowCount } = await pool.query(
    `DELETE FROM webhook_delivery WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM webhook_delivery
       WHERE created_at < least($1::timestamptz, now()) AND state <> 'waiting' LIMIT $2)`,
    [before, AT_ONCE],
  )
  return rowCount === AT_ONCE
}
