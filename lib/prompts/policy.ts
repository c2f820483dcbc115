import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'
import { appError } from '../errors.ts'

/** What can be done with prompts. To release is to set, move or remove a label: agents get what it names. */
export type PromptRight = 'read' | 'write' | 'release'

export function may(actor: Actor, right: PromptRight): boolean {
  return rights.may(actor, `prompts:${right}`)
}

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: PromptRight): void {
  rights.assertMay(actor, `prompts:${right}`)
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
  rights.assertMay(actor, 'usage:read')
}
