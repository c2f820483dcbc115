import type { Actor } from '../access/actor.ts'
import { assertMay } from '../access/rights.ts'

/** @throws forbidden unless the actor may read what others changed */
export function assertMayReadAudit(actor: Actor): void {
  assertMay(actor, 'audit:read')
}
