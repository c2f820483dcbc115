import { actorJson } from '../../db/columns.ts'
import { getRuntime } from '../../runtime.ts'
import type { Query } from '../store/stored-prompt.ts'
import type { CallerRow } from './judge-callers.ts'

/** Whose uses are meant: everybody who asked for a label, or who got a version by whatever way. */
export type InUse = { label: string } | { version: number }

const DAY_MS = 86_400_000
/** Callers and their sets that are looked at; those with fewer uses are not. */
const ROWS = 5000

/** The first day that counts, in UTC. */
export function impactSince(now = Date.now()): Date {
  const { impact_days: days } = getRuntime().config.limits
  return new Date(Math.floor(now / DAY_MS) * DAY_MS - (days - 1) * DAY_MS)
}

/** Who used a label or a version of a prompt since a day, most uses first, with the sets of variables they gave. */
export async function readCallers(
  query: Query,
  workspaceId: string,
  promptId: string,
  inUse: InUse,
  since: Date,
): Promise<CallerRow[]> {
  const label = 'label' in inUse ? inUse.label : null
  const version = 'version' in inUse ? inUse.version : null
  // Sums are numbers of any size to the database, and come as texts.
  const rows = await query<Omit<CallerRow, 'uses' | 'failed'> & { uses: string; failed: string }>(CALLERS, [
    workspaceId,
    promptId,
    since,
    label,
    version,
    ROWS,
  ])
  return rows.map((row) => ({ ...row, uses: Number(row.uses), failed: Number(row.failed) }))
}

const CALLERS = `SELECT used.client_name AS client,
    ${actorJson('a')} AS actor,
    used.surface, used.variables, used.uses, used.failed, used.last_at
  FROM (
    SELECT client_name, actor_id, surface, variables, sum(gets + renders + tool_calls) AS uses,
      sum(failed) AS failed, max(last_at) AS last_at
    FROM usage_caller_day
    WHERE workspace_id = $1::uuid AND prompt_id = $2::uuid AND hour >= $3::timestamptz
      AND ($4::text IS NULL OR label = $4) AND ($5::integer IS NULL OR version_number = $5)
    GROUP BY 1, 2, 3, 4 ORDER BY uses DESC, actor_id, client_name, surface, variables LIMIT $6::integer
  ) used JOIN actor a ON a.workspace_id = $1::uuid AND a.id = used.actor_id
  ORDER BY used.uses DESC, a.id, used.client_name, used.surface, used.variables`
