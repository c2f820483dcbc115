import type { Actor, Scope } from '../access/actor.ts'
import { assertScope } from '../access/scope.ts'
import { appError } from '../errors.ts'

/** What can be done with prompts. To release is to set, move or remove a label: agents get what it names. */
export type PromptRight = 'read' | 'write' | 'release'

const SCOPES = {
  read: 'prompts:read',
  write: 'prompts:write',
  release: 'prompts:release',
} as const satisfies Record<PromptRight, Scope>

/** Role and scopes must both allow it: a key with few scopes stays small in an owner's hand. */
export function may(actor: Actor, right: PromptRight): boolean {
  if (right !== 'read' && actor.role === 'viewer') return false
  return actor.scopes.has(SCOPES[right])
}

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: PromptRight): void {
  if (may(actor, right)) return
  assertScope(actor, SCOPES[right])
  throw appError('forbidden', 'A viewer may not change prompts.')
}

/**
 * Redaction erases what a version said for everybody, so it takes an owner.
 * @throws forbidden
 */
export function assertMayRedact(actor: Actor): void {
  assertMay(actor, 'write')
  if (actor.role !== 'owner') throw appError('forbidden', 'Only an owner may redact a version.')
}

/**
 * How often prompts are used is told to those who may read statistics.
 * @throws forbidden
 */
export function assertMaySeeUsage(actor: Actor): void {
  assertScope(actor, 'usage:read')
}
