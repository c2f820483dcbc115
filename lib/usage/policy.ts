import type { Actor } from '../access/actor.ts'
import { assertScope } from '../access/scope.ts'

/** @throws forbidden unless the actor may read what others used */
export function assertMayReadUsage(actor: Actor): void {
  assertScope(actor, 'usage:read')
}
