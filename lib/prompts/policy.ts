import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'
import { appError } from '../errors.ts'

/** What can be done with prompts. To release is to set, move or remove a protected label: agents get what it names. */
export type PromptRight = 'read' | 'write' | 'release'

/** Whether an actor has a right at all, in whatever categories. */
export function may(actor: Actor, right: PromptRight): boolean {
  return rights.may(actor, `prompts:${right}`)
}

/**
 * The first question of every operation; where it is about a category, that is the second.
 * @throws forbidden that names the missing right
 */
export function assertMay(actor: Actor, right: PromptRight): void {
  rights.assertMay(actor, `prompts:${right}`)
  if (right !== 'read') rights.assertUnpinned(actor)
}

/**
 * Labels that are protected take the right to release, others the one to write: which it is, the label tells.
 * @throws forbidden unless the actor has one of the two
 */
export function assertMayMoveLabels(actor: Actor): void {
  if (!may(actor, 'release')) return assertMay(actor, 'write')
  rights.assertUnpinned(actor)
}

/** Whether an actor may change prompts of a category; null: those without one. */
export function mayWriteIn(actor: Actor, categoryId: string | null): boolean {
  return rights.mayIn(actor, 'prompts:write', categoryId)
}

/** @throws forbidden */
export function assertMayWriteIn(actor: Actor, categoryId: string | null): void {
  rights.assertMayIn(actor, 'prompts:write', categoryId)
}

/** Whether an actor may release prompts of a category; null: those without one. */
export function mayReleaseIn(actor: Actor, categoryId: string | null): boolean {
  return rights.mayIn(actor, 'prompts:release', categoryId)
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
