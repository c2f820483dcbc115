import type { Actor } from '../access/actor.ts'
import { assertMay } from '../access/rights.ts'
import { appError } from '../errors.ts'

/** @throws forbidden unless the actor is an owner: who rotates secrets could also lose them */
export function assertMayRotate(actor: Actor): void {
  assertMay(actor, 'settings:write')
  if (actor.role !== 'owner') throw appError('forbidden', 'Only an owner may rotate the data key.')
}
