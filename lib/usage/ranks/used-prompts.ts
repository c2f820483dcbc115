import type { Pool } from 'pg'
import { readSource } from '../usage-source.ts'

/** How a statement that has the workspace and the start and end of a span as its first parameters asks for uses. */
export interface UsedPrompts {
  /** Its beginning: `known` has prompts that were used, by `prompt_id`, with `last_at`, their last use. */
  with: string
  /** Whether the prompt `p` was used in the span; it may have no row in `known`. Not true: it was not. */
  isUsed: string
}

/** The cheapest way to tell which prompts were used in a span, and when those that were not were used last. */
export async function readUsedPrompts(
  pool: Pool,
  workspaceId: string,
  span: { from: Date; to: Date },
): Promise<UsedPrompts> {
  const { rows } = await pool.query<{ until: Date | null; newest: Date | null; listed: boolean }>({
    name: 'usage-last-known',
    text: KNOWN,
    values: [workspaceId],
  })
  const { until = null, newest = null, listed = false } = rows[0] ?? {}
  if (listed && until !== null && span.from <= until && (newest === null || newest < span.to))
    return untilNow(until)
  const isUsed = 'known.is_used'
  if (listed) return { with: byLast(until ?? new Date(0)), isUsed }
  const every = { promptId: undefined, version: undefined, surface: undefined, client: undefined }
  const { prompts } = await readSource(pool, { ...every, workspaceId, ...span })
  return { with: byHours(prompts), isUsed }
}

/** Up to where days are summed up, the newest hour, and whether the last uses of all these days are known. */
const KNOWN = `SELECT rolled.until, (SELECT max(hour) FROM usage_hour WHERE workspace_id = $1) AS newest, coalesce((
    SELECT count(*) FROM usage_top WHERE workspace_id = $1 AND unit = 'day' AND way = 'all' AND hour < rolled.until
  ) >= (
    SELECT extract(epoch FROM rolled.until - date_trunc('day', min(hour), 'UTC')) / 86400 FROM usage_all_hour
    WHERE workspace_id = $1
  ), true) AS listed
  FROM (SELECT (SELECT until FROM usage_rolled WHERE workspace_id = $1) AS until) rolled`

/**
 * In a span that reaches from days that are summed up until now, hours are looked up of those alone whose last use in
 * these days is before it.
 */
function untilNow(until: Date): UsedPrompts {
  return {
    with: 'WITH known AS (SELECT prompt_id, last_at FROM usage_prompt_last WHERE workspace_id = $1)',
    isUsed: `(known.last_at >= $2::timestamptz OR EXISTS (SELECT FROM usage_hour
      WHERE usage_hour.workspace_id = $1 AND usage_hour.prompt_id = p.id
        AND usage_hour.hour >= '${until.toISOString()}'::timestamptz AND usage_hour.hour < $3::timestamptz))`,
  }
}

/**
 * The last use says whether a prompt was used in the span, but for prompts that were used after it, whose hours are
 * looked up one by one.
 */
const byLast = (until: Date) => `WITH known AS (
    SELECT prompt_id, last_at, CASE WHEN last_at < $2::timestamptz THEN false
      WHEN last_at < (SELECT date_trunc('hour', $3::timestamptz - interval '1 microsecond', 'UTC') + interval '1 hour')
      THEN true
      ELSE (SELECT true FROM usage_hour WHERE usage_hour.workspace_id = $1 AND usage_hour.prompt_id = last.prompt_id
        AND usage_hour.hour >= $2::timestamptz AND usage_hour.hour < $3::timestamptz LIMIT 1) END AS is_used
    FROM (
      SELECT prompt_id, max(last_at) AS last_at FROM (
        SELECT prompt_id, last_at FROM usage_prompt_last WHERE workspace_id = $1
        UNION ALL
        SELECT prompt_id, last_at FROM usage_hour
        WHERE workspace_id = $1 AND hour >= '${until.toISOString()}'::timestamptz AND prompt_id IS NOT NULL
      ) each GROUP BY prompt_id
    ) last
  )`

/** As long as not all last uses are known. */
const byHours = (source: string) => `WITH used AS MATERIALIZED (
    SELECT DISTINCT usage.prompt_id FROM ${source}
    WHERE usage.workspace_id = $1 AND usage.hour >= $2::timestamptz AND usage.hour < $3::timestamptz
      AND usage.prompt_id IS NOT NULL
  ), known AS (
    SELECT p.id AS prompt_id, EXISTS (SELECT FROM used WHERE used.prompt_id = p.id) AS is_used,
      (SELECT u.last_at FROM usage_hour u WHERE u.workspace_id = $1 AND u.prompt_id = p.id
        ORDER BY u.hour DESC LIMIT 1) AS last_at
    FROM prompt_template p WHERE p.workspace_id = $1
  )`
