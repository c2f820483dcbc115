import type { Actor, Scope } from '../access/actor.ts'
import { appError } from '../errors.ts'

/** What can be done with generations: to run also means to stop and to run again. */
export type GenerationRight = 'read' | 'run'

const SCOPES = { read: 'generations:read', run: 'generations:run' } as const satisfies Record<
  GenerationRight,
  Scope
>

/**
 * Role and scopes must both allow it.
 * @throws forbidden that names the missing right
 */
export function assertMay(actor: Actor, right: GenerationRight): void {
  const scope = SCOPES[right]
  if (!actor.scopes.has(scope))
    throw appError('forbidden', `This needs the scope ${scope}.`, { extra: { required_scope: scope } })
  if (right === 'run' && actor.role === 'viewer')
    throw appError('forbidden', 'A viewer may not run generations.')
}
