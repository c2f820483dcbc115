import type { Actor } from '../access/actor.ts'
import { assertMay, assertUnpinned } from '../access/rights.ts'

/** @throws forbidden unless the actor looks after the installation */
export function assertMayLookAfter(actor: Actor): void {
  assertMay(actor, 'settings:write')
  assertUnpinned(actor)
}
