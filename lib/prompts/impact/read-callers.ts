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

/** Uses of one prompt. */
export interface UsesOf {
  promptId: string
  inUse: InUse
}

/**
 * Who used labels or versions of prompts since a day, most uses first, with the sets of variables they gave.
 * @returns the rows of each, in the order of `uses`
 */
export async function readCallers(
  query: Query,
  workspaceId: string,
  uses: readonly UsesOf[],
  since: Date,
): Promise<CallerRow[][]> {
  if (uses.length === 0) return []
  const asked = uses.map(({ promptId, inUse }, place) => ({ place, prompt: promptId, ...inUse }))
  // Sums are numbers of any size to the database, and come as texts.
  const rows = await query<
    Omit<CallerRow, 'uses' | 'failed'> & { place: number; uses: string; failed: string }
  >(CALLERS, [workspaceId, JSON.stringify(asked), since, ROWS])
  const found = uses.map((): CallerRow[] => [])
  for (const { place, ...row } of rows)
    found[place]?.push({ ...row, uses: Number(row.uses), failed: Number(row.failed) })
  return found
}

const CALLERS = `SELECT asked.place, used.client_name AS client,
    ${actorJson('a')} AS actor,
    used.surface, used.variables, used.uses, used.failed, used.last_at
  FROM json_to_recordset($2::json) AS asked (place integer, prompt uuid, label text, version integer)
  CROSS JOIN LATERAL (
    SELECT client_name, actor_id, surface, variables, sum(gets + renders + tool_calls) AS uses,
      sum(failed) AS failed, max(last_at) AS last_at
    FROM usage_caller_day
    WHERE workspace_id = $1::uuid AND prompt_id = asked.prompt AND hour >= $3::timestamptz
      AND (asked.label IS NULL OR label = asked.label)
      AND (asked.version IS NULL OR version_number = asked.version)
    GROUP BY 1, 2, 3, 4 ORDER BY uses DESC, actor_id, client_name, surface, variables LIMIT $4::integer
  ) used JOIN actor a ON a.workspace_id = $1::uuid AND a.id = used.actor_id
  ORDER BY asked.place, used.uses DESC, a.id, used.client_name, used.surface, used.variables`
