import type { Pool } from 'pg'
import { readSource } from '../usage-source.ts'

/**
 * The beginning of a statement that has the workspace and the start and end of a span as its first parameters:
 * `known` has each prompt that was ever used, with `last_at`, its last use, and `is_used`: whether it was in the span.
 */
export async function withUsedPrompts(
  pool: Pool,
  workspaceId: string,
  span: { from: Date; to: Date },
): Promise<string> {
  const { rows } = await pool.query<{ until: Date | null; listed: boolean }>({
    name: 'usage-last-known',
    text: KNOWN,
    values: [workspaceId],
  })
  const [{ until, listed } = { until: null, listed: false }] = rows
  if (listed) return byLast(until ?? new Date(0))
  const every = { promptId: undefined, version: undefined, surface: undefined, client: undefined }
  return byHours((await readSource(pool, { ...every, workspaceId, ...span })).prompts)
}

/** Up to where days are summed up, and whether the last uses of all of them are known. */
const KNOWN = `SELECT rolled.until, coalesce((
    SELECT count(*) FROM usage_top WHERE workspace_id = $1 AND unit = 'day' AND way = 'all' AND hour < rolled.until
  ) >= (
    SELECT extract(epoch FROM rolled.until - date_trunc('day', min(hour), 'UTC')) / 86400 FROM usage_all_hour
    WHERE workspace_id = $1
  ), true) AS listed
  FROM (SELECT (SELECT until FROM usage_rolled WHERE workspace_id = $1) AS until) rolled`

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
