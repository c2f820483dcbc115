import type { Actor } from '../access/actor.ts'
import { appError } from '../errors.ts'

/** @throws forbidden unless the actor may read what others used */
export function assertMayReadUsage(actor: Actor): void {
  if (!actor.scopes.has('usage:read')) throw appError('forbidden', 'This needs the scope usage:read.')
}
