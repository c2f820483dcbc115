import type { Actor } from '../access/actor.ts'
import { assertMay, may } from '../access/rights.ts'
import { appError } from '../errors.ts'

/**
 * Views are addresses of pages of figures: whoever reads those keeps them.
 * @throws forbidden
 */
export function assertMayUseViews(actor: Actor): void {
  assertMay(actor, 'usage:read')
}

/**
 * What everybody is offered is written by those who write prompts.
 * @throws forbidden
 */
export function assertMayShareViews(actor: Actor): void {
  assertMay(actor, 'prompts:write')
}

/**
 * A view is deleted by whoever saved it, one of everybody also by who changes settings.
 * @throws forbidden
 */
export function assertMayDeleteView(actor: Actor, { created_by }: { created_by: string }): void {
  if (created_by === actor.id || may(actor, 'settings:write')) return
  throw appError('forbidden', 'Somebody else saved this view. They and admins can delete it.')
}
