import type { Actor, Scope } from '../access/actor.ts'
import { assertScope } from '../access/scope.ts'
import { appError } from '../errors.ts'

/**
 * What can be done with AI configurations. To use one is to have it answer a prompt; to test one is part of
 * setting it up.
 */
export type ConfigurationRight = 'read' | 'write' | 'use'

const SCOPES = {
  read: 'ai:read',
  write: 'ai:write',
  use: 'generations:run',
} as const satisfies Record<ConfigurationRight, Scope>

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: ConfigurationRight): void {
  assertScope(actor, SCOPES[right])
  if (right === 'write' && actor.role === 'viewer')
    throw appError('forbidden', 'A viewer may not change AI configurations.')
}
