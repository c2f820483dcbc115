import { onPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'

const AT_ONCE = 1000

/** Attempts and pieces of text go with their generation, once all of them are in the sums of spending. */
const GENERATIONS = `DELETE FROM generated_content WHERE id IN (
    SELECT old.id FROM workspace w CROSS JOIN LATERAL (
      SELECT g.id FROM generated_content g
      WHERE g.workspace_id = w.id AND g.created_at < now() - make_interval(days => $1) AND g.finished_at IS NOT NULL
        AND g.counted AND NOT EXISTS (
          SELECT FROM generation_attempt a
          WHERE a.workspace_id = g.workspace_id AND a.generation_id = g.id AND NOT a.counted AND a.settled_at IS NOT NULL)
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

/** A round deletes no more than this many parts of each kind. */
const PARTS = 50

/**
 * Deletes generations and batches that are older than `limits.generation_retention_days`, a part at a time,
 * and pieces of texts that are whole elsewhere.
 * @returns whether there may be more
 * @throws unavailable
 */
export async function expireGenerations(): Promise<boolean> {
  const days = getRuntime().config.limits.generation_retention_days
  const generations = await deleteParts(GENERATIONS, [days, AT_ONCE])
  const batches = await deleteParts(BATCHES, [days, AT_ONCE])
  const pieces = await deleteParts(PIECES, [AT_ONCE])
  return generations || batches || pieces
}

/** @returns whether there may be more */
async function deleteParts(statement: string, values: number[]): Promise<boolean> {
  for (let part = 0; part < PARTS; part++) {
    const deleted = await onPrimary(({ pool }) => pool.query(statement, values))
    if (deleted.rowCount === 0) return false
  }
  return true
}
