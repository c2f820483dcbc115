import type { Actor } from '../access/actor.ts'
import { assertScope } from '../access/scope.ts'
import { appError } from '../errors.ts'

/** What can be done with categories. They order prompts, so the rights are those for prompts. */
export type CategoryRight = 'read' | 'write'

const SCOPES = { read: 'prompts:read', write: 'prompts:write' } as const

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: CategoryRight): void {
  assertScope(actor, SCOPES[right])
  if (right === 'write' && actor.role === 'viewer')
    throw appError('forbidden', 'A viewer may not change categories.')
}
