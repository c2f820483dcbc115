import type { Actor } from '../access/actor.ts'
import { assertScope } from '../access/scope.ts'

/** @throws forbidden unless the actor may read what others changed */
export function assertMayReadAudit(actor: Actor): void {
  assertScope(actor, 'audit:read')
}
