import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'

const AT_ONCE = 2000
const PARTS = 50

/** While its receipt holds, a row keeps its outcome from being counted twice. */
const OLD = `DELETE FROM outcome WHERE (workspace_id, id) IN (
    SELECT old.workspace_id, old.id FROM workspace w CROSS JOIN LATERAL (
      SELECT o.workspace_id, o.id FROM outcome o
      WHERE o.workspace_id = w.id AND o.reported_at < now() - make_interval(days => $1)
        AND o.used_at < now() - make_interval(days => $2)
      ORDER BY o.reported_at LIMIT $3
    ) old LIMIT $3)`

/**
 * Deletes outcomes that are older than `limits.outcome_days` and whose receipts have expired, some of them in one round.
 * Their sums by day stay.
 * @returns whether there may be more
 * @throws unavailable
 */
export async function expireOutcomes(): Promise<boolean> {
  const { outcome_days: days, receipt_days: held } = getRuntime().config.limits
  for (let part = 0; part < PARTS; part++) {
    const { rowCount } = await onPrimary(({ pool }) => pool.query(OLD, [days, held + 1, AT_ONCE]))
    if (rowCount === 0) return false
  }
  return true
}
