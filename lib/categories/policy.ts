import type { Actor } from '../access/actor.ts'
import { appError } from '../errors.ts'

/** What can be done with categories. They order prompts, so the rights are those for prompts. */
export type CategoryRight = 'read' | 'write'

const SCOPES = { read: 'prompts:read', write: 'prompts:write' } as const

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: CategoryRight): void {
  const scope = SCOPES[right]
  if (!actor.scopes.has(scope))
    throw appError('forbidden', `This needs the scope ${scope}.`, { extra: { required_scope: scope } })
  if (right === 'write' && actor.role === 'viewer')
    throw appError('forbidden', 'A viewer may not change categories.')
}
