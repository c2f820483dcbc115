import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { Generation } from '../schema.ts'
import { readGeneration } from '../store/stored-generation.ts'

/**
 * A generation with everything about it; while it runs, with the text that has arrived.
 * @throws forbidden, not_found (also for one that an actor pinned to another label may not see), unavailable
 */
export const getGeneration = operation('getGeneration', run)

async function run(actor: Actor, { id }: { id: string }): Promise<Generation> {
  assertMay(actor, 'read')
  const found = await onPrimary(({ pool }) => readGeneration(pool, actor, id))
  if (found === undefined) throw noGeneration(id)
  return found
}

/** The error for an id that no generation has, or none that may be seen. */
export function noGeneration(id: string) {
  return appError('not_found', `There is no generation ${id}.`)
}
