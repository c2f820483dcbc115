import type { Actor } from '../access/actor.ts'
import { assertMay } from '../access/rights.ts'

/** @throws forbidden unless the actor may read what others used */
export function assertMayReadUsage(actor: Actor): void {
  assertMay(actor, 'usage:read')
}
