import type pg from 'pg'
import type { GenerationStatus } from '../status.ts'
import type { Place, Progress } from './generation-feed.ts'

/** Which generation. */
export interface Target {
  workspaceId: string
  id: string
}

/** A generation, and how far its text is known. */
export interface ProgressRequest extends Target, Place {}

/** How a generation stands, with the text after the place that was named. */
export interface StoredProgress extends Progress, Place {
  id: string
  text: string
  cancelRequested: boolean
}

/** Names as the statement gives them. */
interface Row {
  id: string
  status: GenerationStatus
  cancel_requested: boolean
  attempt: number
  configuration: string
  error_code: string | null
  error_message: string | null
  position: number
  text: string
}

/** Attempts that only wait for their turn have no text, and are not told of. */
const PROGRESS = `SELECT g.id, g.status, g.cancel_requested_at IS NOT NULL AS cancel_requested,
    coalesce(t.attempt, 0) AS attempt, coalesce(t.configuration_name, g.configuration->>'name') AS configuration,
    b.error_code, b.error_message, s.position, coalesce(c.text, '') AS text
  FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[]) AS f (workspace_id, id, attempt, position)
  JOIN generated_content g ON g.workspace_id = f.workspace_id AND g.id = f.id
  LEFT JOIN LATERAL (
    SELECT a.attempt, a.configuration_name FROM generation_attempt a
    WHERE a.workspace_id = g.workspace_id AND a.generation_id = g.id AND a.status <> 'waiting'
    ORDER BY a.attempt DESC LIMIT 1
  ) t ON true
  LEFT JOIN generation_attempt b
    ON b.workspace_id = g.workspace_id AND b.generation_id = g.id AND b.attempt = t.attempt - 1
  CROSS JOIN LATERAL (SELECT CASE WHEN t.attempt = f.attempt THEN f.position ELSE 0 END AS position) s
  LEFT JOIN LATERAL (
    SELECT string_agg(p.text, '' ORDER BY p.position) AS text FROM generation_chunk p
    WHERE p.workspace_id = g.workspace_id AND p.generation_id = g.id AND p.attempt = t.attempt
      AND p.position >= s.position
  ) c ON true`

/** How generations stand, all in one statement. Those that are gone are left out. */
export async function readProgress(
  pool: pg.Pool,
  wanted: readonly ProgressRequest[],
): Promise<StoredProgress[]> {
  const { rows } = await pool.query<Row>({
    name: 'generations.progress',
    text: PROGRESS,
    values: [
      wanted.map((each) => each.workspaceId),
      wanted.map((each) => each.id),
      wanted.map((each) => each.attempt),
      wanted.map((each) => each.position),
    ],
  })
  return rows.map(({ cancel_requested, error_code, error_message, ...row }) => ({
    ...row,
    cancelRequested: cancel_requested,
    lastError: error_code === null ? null : { code: error_code, message: error_message ?? '' },
  }))
}
