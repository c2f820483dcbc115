import type { Actor } from '../access/actor.ts'
import { assertMay } from '../access/rights.ts'
import { appError } from '../errors.ts'

/**
 * @throws forbidden unless the actor may read prompts, and all their labels: the changes of those that it
 *   may not see would tell of them
 */
export function assertMayFollow(actor: Actor): void {
  assertMay(actor, 'prompts:read')
  if (actor.label !== null)
    throw appError('forbidden', `Who may read the label "${actor.label}" alone cannot follow all changes.`)
}
