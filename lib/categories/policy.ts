import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'

/** What can be done with categories. They order prompts, so the rights are those for prompts. */
export type CategoryRight = 'read' | 'write'

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: CategoryRight): void {
  rights.assertMay(actor, `prompts:${right}`)
}
