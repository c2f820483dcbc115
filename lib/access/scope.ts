import { appError } from '../errors.ts'
import type { Actor, Scope } from './actor.ts'

/** @throws forbidden that names the missing scope, in its sentence and as `required_scope` */
export function assertScope(actor: Actor, scope: Scope): void {
  if (actor.scopes.has(scope)) return
  throw appError('forbidden', `This needs the scope ${scope}.`, { extra: { required_scope: scope } })
}
