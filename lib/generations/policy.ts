import type { Actor, Scope } from '../access/actor.ts'
import { assertScope } from '../access/scope.ts'
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
  assertScope(actor, SCOPES[right])
  if (right === 'run' && actor.role === 'viewer')
    throw appError('forbidden', 'A viewer may not run generations.')
}
