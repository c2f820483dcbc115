import type { Actor } from '../access/actor.ts'
import { appError } from '../errors.ts'

/** @throws forbidden unless the actor may read what others changed */
export function assertMayReadAudit(actor: Actor): void {
  if (actor.scopes.has('audit:read')) return
  throw appError('forbidden', 'This needs the scope audit:read.', { extra: { required_scope: 'audit:read' } })
}
