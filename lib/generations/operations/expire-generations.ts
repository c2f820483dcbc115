import { readPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'

const AT_ONCE = 1000

/** Attempts and pieces of text go with their generation. */
const GENERATIONS = `DELETE FROM generated_content WHERE id IN (
    SELECT old.id FROM workspace w CROSS JOIN LATERAL (
      SELECT g.id FROM generated_content g
      WHERE g.workspace_id = w.id AND g.created_at < now() - make_interval(days => $1) AND g.finished_at IS NOT NULL
      ORDER BY g.created_at LIMIT $2
    ) old LIMIT $2)`

const BATCHES = `DELETE FROM generation_batch WHERE id IN (
    SELECT b.id FROM generation_batch b WHERE b.created_at < now() - make_interval(days => $1) AND NOT EXISTS (
      SELECT FROM generated_content g WHERE g.workspace_id = b.workspace_id AND g.batch_id = b.id) LIMIT $2)`

/** Left behind by a process that ended between keeping the text and tidying up. */
const PIECES = `DELETE FROM generation_chunk c WHERE (c.workspace_id, c.generation_id) IN (
    SELECT DISTINCT p.workspace_id, p.generation_id FROM generation_chunk p
    JOIN generated_content g ON g.workspace_id = p.workspace_id AND g.id = p.generation_id
    WHERE g.finished_at < now() - interval '1 hour' LIMIT $1)`

/**
 * Deletes generations and batches that are older than `limits.generation_retention_days`, a part at a time,
 * and pieces of texts that are whole elsewhere.
 * @returns how many rows
 * @throws unavailable
 */
export async function expireGenerations(): Promise<number> {
  const days = getRuntime().config.limits.generation_retention_days
  const generations = await deleteAll(GENERATIONS, [days, AT_ONCE])
  const batches = await deleteAll(BATCHES, [days, AT_ONCE])
  return generations + batches + (await deleteAll(PIECES, [AT_ONCE]))
}

async function deleteAll(statement: string, values: number[]): Promise<number> {
  let sum = 0
  for (let deleted = -1; deleted !== 0; sum += deleted)
    deleted = await readPrimary(async ({ pool }) => (await pool.query(statement, values)).rowCount ?? 0)
  return sum
}
