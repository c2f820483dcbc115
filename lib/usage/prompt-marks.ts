import type { Pool } from 'pg'
import { readUsedPrompts, type UsedPrompts } from './ranks/used-prompts.ts'
import type { UnusedPrompt, UsageMark } from './schema.ts'
import type { Span } from './span.ts'

const MARKS_MAX = 500

const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const MARKS = `SELECT ${time('mark.at')} AS time, mark.kind, mark.version, mark.label, mark.previous_version,
    a.display AS actor, mark.message
  FROM (
    SELECT created_at AS at, 'version' AS kind, number AS version, NULL AS label, NULL::integer AS previous_version,
      message, created_by AS actor_id, id
    FROM prompt_version
    WHERE workspace_id = $1 AND prompt_id = $2 AND created_at >= $3::timestamptz AND created_at < $4::timestamptz
    UNION ALL
    SELECT occurred_at, 'label', to_version, label, from_version, NULL, actor_id, id FROM label_event
    WHERE workspace_id = $1 AND prompt_id = $2 AND occurred_at >= $3::timestamptz AND occurred_at < $4::timestamptz
  ) mark JOIN actor a ON a.workspace_id = $1 AND a.id = mark.actor_id
  ORDER BY mark.at, mark.kind DESC, mark.id LIMIT ${MARKS_MAX}`

/** The events of a prompt within a span, oldest first: new versions and label moves. */
export async function readMarks(
  pool: Pool,
  workspaceId: string,
  promptId: string,
  { from, to }: Span,
): Promise<UsageMark[]> {
  const values = [workspaceId, promptId, from, to]
  return (await pool.query<UsageMark>({ name: 'stats-marks', text: MARKS, values })).rows
}

const unusedFrom = (used: UsedPrompts) => `${used.with}
  SELECT p.name, v.title, ${time('p.created_at')} AS created_at, ${time('shown.last_at')} AS last_used_at, shown.total
  FROM (
    SELECT *, count(*) OVER ()::integer AS total FROM (
      SELECT p.id, p.created_at, ${used.lastAt} AS last_at FROM prompt_template p ${used.joins}
      WHERE p.workspace_id = $1 AND p.archived_at IS NULL AND ${used.isUnused}
    ) unused ORDER BY last_at NULLS FIRST, created_at, id LIMIT $4
  ) shown
  JOIN prompt_template p ON p.workspace_id = $1 AND p.id = shown.id
  JOIN prompt_version v ON v.workspace_id = $1 AND v.prompt_id = p.id AND v.number = p.next_version - 1
  ORDER BY shown.last_at NULLS FIRST, shown.created_at, shown.id`

/** Active prompts without a use within a span, longest unused first. */
export async function readUnused(
  pool: Pool,
  workspaceId: string,
  span: Span,
  limit: number,
): Promise<{ total: number; items: UnusedPrompt[] }> {
  const statement = unusedFrom(await readUsedPrompts(pool, workspaceId, span))
  const values = [workspaceId, span.from, span.to, limit]
  const { rows } = await pool.query<UnusedPrompt & { total: number }>(statement, values)
  return { total: rows[0]?.total ?? 0, items: rows.map(({ total: _total, ...prompt }) => prompt) }
}
