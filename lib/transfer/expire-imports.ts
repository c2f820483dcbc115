import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'

const AT_ONCE = 500

const OLD = `DELETE FROM prompt_import WHERE (workspace_id, id) IN (
    SELECT old.workspace_id, old.id FROM workspace w CROSS JOIN LATERAL (
      SELECT i.workspace_id, i.id FROM prompt_import i
      WHERE i.workspace_id = w.id AND i.created_at < now() - make_interval(days => $1)
      ORDER BY i.created_at LIMIT $2
    ) old LIMIT $2)`

/**
 * Forgets what came of imports that are older than `limits.import_retention_days`, some of them in one round. What they
 * made stays.
 * @returns whether there may be more
 * @throws unavailable
 */
export async function expireImports(): Promise<boolean> {
  const { import_retention_days: days } = getRuntime().config.limits
  const { rowCount } = await onPrimary(({ pool }) => pool.query(OLD, [days, AT_ONCE]))
  return rowCount === AT_ONCE
}
