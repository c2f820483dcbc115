import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'

/** What can be done with categories. They order prompts, so the rights are those for prompts. */
export type CategoryRight = 'read' | 'write'

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: CategoryRight): void {
  rights.assertMay(actor, `prompts:${right}`)
  if (right === 'write') rights.assertUnpinned(actor)
}

/**
 * Who is limited to categories changes these, and neither makes others nor moves them all.
 * @param categoryId null: it is about all of them, or a new one
 * @throws forbidden
 */
export function assertMayChange(actor: Actor, categoryId: string | null): void {
  rights.assertMayIn(actor, 'prompts:write', categoryId)
}
