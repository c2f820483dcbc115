import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { GenerationBatch } from '../schema.ts'
import { readBatch } from '../store/stored-batch.ts'

/**
 * The progress of a batch.
 * @throws forbidden, not_found, unavailable
 */
export const getBatch = operation('getBatch', run)

async function run(actor: Actor, { id }: { id: string }): Promise<GenerationBatch> {
  assertMay(actor, 'read')
  const found = await onPrimary(({ pool }) => readBatch(pool, actor, id))
  if (found === undefined) throw appError('not_found', `There is no batch ${id}.`)
  return found
}
