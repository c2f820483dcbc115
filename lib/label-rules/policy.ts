import type { Actor } from '../access/actor.ts'
import { assertMay, assertSession } from '../access/rights.ts'

/**
 * Rules of labels are settings: a person who is signed in reads and changes them.
 * @throws forbidden
 */
export function assertMayUseRules(actor: Actor): void {
  assertMay(actor, 'settings:write')
  assertSession(actor)
}
