import { appError } from '../errors.ts'
import { type Actor, ALL_SCOPES, type Role, type Scope } from './actor.ts'

const VIEWER: readonly Scope[] = ['prompts:read', 'usage:read', 'generations:read']
const EDITOR: readonly Scope[] = [...VIEWER, 'prompts:write', 'prompts:propose', 'generations:run', 'ai:read']
const PUBLISHER: readonly Scope[] = [...EDITOR, 'prompts:release']

/** The most that each role may do; an actor's own scopes narrow it. */
const SCOPES_OF_ROLE: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  viewer: new Set(VIEWER),
  editor: new Set(EDITOR),
  publisher: new Set(PUBLISHER),
  admin: ALL_SCOPES,
  owner: ALL_SCOPES,
}

/** Role and scopes must both allow it: a key with few scopes stays small in an owner's hand. */
export function may(actor: Actor, scope: Scope): boolean {
  return actor.scopes.has(scope) && SCOPES_OF_ROLE[actor.role].has(scope)
}

/** @throws forbidden that names the missing scope, in its sentence and as `required_scope` */
export function assertMay(actor: Actor, scope: Scope): void {
  if (may(actor, scope)) return
  const extra = { required_scope: scope }
  if (!actor.scopes.has(scope)) throw appError('forbidden', `This needs the scope ${scope}.`, { extra })
  const article = /^[aeo]/.test(actor.role) ? 'An' : 'A'
  throw appError('forbidden', `${article} ${actor.role} does not have the right ${scope}.`, { extra })
}
