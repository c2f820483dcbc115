import type pg from 'pg'
import { actorJson, isoTime } from '../../db/columns.ts'
import type { GenerationBatch } from '../schema.ts'

/** A GenerationBatch of the rows that `FROM generation_batch b` names, as one column `item`. */
export const BATCH = {
  columns: `json_build_object('id', b.id, 'prompt', p.name, 'version', b.version_number, 'label', b.label,
    'total', b.total, 'counts', json_build_object('queued', c.queued, 'running', c.running,
      'succeeded', c.succeeded, 'failed', c.failed, 'cancelled', c.cancelled),
    'cost', c.cost::float8, 'author', ${actorJson('a')},
    'created_at', ${isoTime('b.created_at')},
    'finished_at', CASE WHEN c.queued + c.running = 0 THEN ${isoTime('c.finished_at')} END,
    'cancel_requested_at', ${isoTime('b.cancel_requested_at')}) AS item`,
  joins: `JOIN prompt_template p ON p.workspace_id = b.workspace_id AND p.id = b.prompt_id
    JOIN actor a ON a.workspace_id = b.workspace_id AND a.id = b.created_by
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE g.status = 'queued') AS queued,
        count(*) FILTER (WHERE g.status = 'running') AS running,
        count(*) FILTER (WHERE g.status = 'succeeded') AS succeeded,
        count(*) FILTER (WHERE g.status = 'failed') AS failed,
        count(*) FILTER (WHERE g.status = 'cancelled') AS cancelled,
        sum(g.cost) AS cost, max(g.finished_at) AS finished_at
      FROM generated_content g WHERE g.workspace_id = b.workspace_id AND g.batch_id = b.id
    ) c`,
}

export type BatchRow = { item: GenerationBatch }

/** A batch by its id; undefined: there is none that may be seen (with a pin, those of its label alone). */
export async function readBatch(
  pool: Pick<pg.Pool, 'query'>,
  { workspaceId, label }: { workspaceId: string; label: string | null },
  id: string,
): Promise<GenerationBatch | undefined> {
  const { rows } = await pool.query<BatchRow>({
    name: 'generations.batch',
    text: `SELECT ${BATCH.columns} FROM generation_batch b ${BATCH.joins}
      WHERE b.workspace_id = $1::uuid AND b.id = $2::uuid AND ($3::text IS NULL OR b.label = $3::text)`,
    values: [workspaceId, id, label],
  })
  return rows[0]?.item
}
