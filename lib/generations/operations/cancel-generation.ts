import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { operation } from '../../telemetry/operation.ts'
import { cancelled } from '../jobs.ts'
import { assertMay } from '../policy.ts'
import type { Generation } from '../schema.ts'
import { isFinished } from '../status.ts'
import { readAttempts } from '../store/attempt.ts'
import { endGeneration, endOpenAttempts, lockGeneration, tellOfGenerations } from '../store/generation-row.ts'
import { generationHub } from '../streaming/hub.ts'
import type { Target } from '../streaming/read-progress.ts'
import { getGeneration } from './get-generation.ts'

/**
 * Stops a generation. One that waits is over at once; one that runs ends within moments wherever it runs, and
 * what has arrived is kept. One that has ended stays as it is.
 * @throws forbidden, not_found, unavailable
 */
export const cancelGeneration = operation('cancelGeneration', run)

async function run(actor: Actor, { id }: { id: string }): Promise<Generation> {
  assertMay(actor, 'run')
  const { prompt } = await getGeneration(actor, { id })
  const target = { workspaceId: actor.workspaceId, id }
  const isStopped = await change(actor, async ({ tx, record, send }) => {
    const isOpen = await stop(tx, target)
    if (!isOpen) return false
    record({ action: 'generation.cancel', target: { kind: 'generation', id, name: prompt } })
    send(cancelled(target))
    return true
  })
  if (isStopped) {
    generationHub().abort(id)
    generationHub().look(id)
    tellOfGenerations(actor.workspaceId)
  }
  return getGeneration(actor, { id })
}

/** @returns false when it had ended */
async function stop(tx: Tx, target: Target): Promise<boolean> {
  const row = await lockGeneration(tx, target)
  if (row === undefined || isFinished(row.status)) return false
  await tx.$executeRaw`
    UPDATE generated_content SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
    WHERE workspace_id = ${target.workspaceId}::uuid AND id = ${target.id}::uuid`
  const attempts = await readAttempts(tx, target)
  // The process that makes the call ends it, and keeps the text that has arrived.
  if (attempts.some(({ status }) => status === 'running')) return true
  await endOpenAttempts(tx, target.workspaceId, attempts)
  await endGeneration(tx, target, { status: 'cancelled', text: null })
  return true
}
