import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { operation } from '../../telemetry/operation.ts'
import { cancelled } from '../jobs.ts'
import { assertMay } from '../policy.ts'
import type { GenerationBatch } from '../schema.ts'
import { tellOfGenerations } from '../store/generation-row.ts'
import { generationHub } from '../streaming/hub.ts'
import { getBatch } from './get-batch.ts'

/**
 * Stops the rest of a batch: generations that wait end at once, those that run end within moments and keep the text
 * that has arrived. Those that have ended stay as they are.
 * @throws forbidden, not_found, unavailable
 */
export const cancelBatch = operation('cancelBatch', run)

async function run(actor: Actor, { id }: { id: string }): Promise<GenerationBatch> {
  assertMay(actor, 'run')
  const { prompt } = await getBatch(actor, { id })
  const { workspaceId } = actor
  const stopped = await change(actor, async ({ tx, record, send }) => {
    const open = await stop(tx, workspaceId, id)
    const stopped = open.length
    if (stopped > 0)
      record({
        action: 'batch.cancel',
        target: { kind: 'batch', id, name: prompt },
        after: { stopped },
      })
    for (const each of open) send(cancelled({ workspaceId, id: each.id }))
    return open
  })
  for (const each of stopped) {
    generationHub().abort(each.id)
    generationHub().look(each.id)
  }
  tellOfGenerations(workspaceId)
  return getBatch(actor, { id })
}

/**
 * Those that nobody has begun end here. The others are told to, and their runs end them: a limit that one
 * waits for may take a minute, but nothing is asked of a provider any more.
 */
async function stop(tx: Tx, workspaceId: string, id: string): Promise<{ id: string }[]> {
  await tx.$executeRaw`
    UPDATE generation_batch SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`
  return tx.$queryRaw<{ id: string }[]>`
    WITH open AS (
      SELECT g.id, NOT EXISTS (
        SELECT FROM generation_attempt a WHERE a.workspace_id = g.workspace_id AND a.generation_id = g.id
          AND a.settled_at IS NULL
      ) AS is_idle, (
        SELECT CASE WHEN count(a.cost) > 0 THEN least(sum(a.cost), 9999999999) END FROM generation_attempt a WHERE a.workspace_id = g.workspace_id AND a.generation_id = g.id
      ) AS cost
      FROM generated_content g
      WHERE g.workspace_id = ${workspaceId}::uuid AND g.batch_id = ${id}::uuid AND g.status IN ('queued', 'running')
      ORDER BY g.id FOR UPDATE
    )
    UPDATE generated_content g SET cancel_requested_at = coalesce(g.cancel_requested_at, clock_timestamp()),
      status = CASE WHEN open.is_idle THEN 'cancelled' ELSE g.status END,
      cost = open.cost, finished_at = CASE WHEN open.is_idle THEN clock_timestamp() END
    FROM open WHERE g.workspace_id = ${workspaceId}::uuid AND g.id = open.id
    RETURNING g.id`
}
