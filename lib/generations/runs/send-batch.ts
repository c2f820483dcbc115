import { readPrimary } from '../../db/read.ts'
import { jobTarget } from '../../jobs.ts'
import { requested } from '../jobs.ts'

const PAGE = 200
const FIRST = '00000000-0000-0000-0000-000000000000'

const PAGE_OF_BATCH = `SELECT g.id, g.configuration->>'provider' AS provider
  FROM generated_content g JOIN generation_batch b ON b.workspace_id = g.workspace_id AND b.id = g.batch_id
  WHERE g.workspace_id = $1 AND g.batch_id = $2 AND g.id > $3 AND g.status = 'queued' AND b.cancel_requested_at IS NULL
  ORDER BY g.id LIMIT $4`

export interface SendBatchInput {
  workspaceId: string
  batchId: string
  /** The last id of the page before; null: the first page. */
  after: string | null
}

/**
 * Hands a page of a batch to the functions, each generation an event of its own.
 * @returns the last id of the page; null: that was the last page, or the batch was stopped
 * @throws unavailable when the events could not be sent
 */
export async function sendBatch({ workspaceId, batchId, after }: SendBatchInput): Promise<string | null> {
  const { rows } = await readPrimary(({ pool }) =>
    pool.query<{ id: string; provider: string }>({
      name: 'generations.batch-page',
      text: PAGE_OF_BATCH,
      values: [workspaceId, batchId, after ?? FIRST, PAGE],
    }),
  )
  if (rows.length > 0)
    await jobTarget.send(rows.map((row) => requested({ ...row, workspaceId, queue: 'batch' })))
  return rows.length === PAGE ? (rows.at(-1)?.id ?? null) : null
}
