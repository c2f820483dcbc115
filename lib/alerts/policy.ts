import type { Actor } from '../access/actor.ts'
import { assertMay, assertUnpinned } from '../access/rights.ts'

/**
 * Rules are settings, and watch all labels.
 * @throws forbidden
 */
export function assertMayUseRules(actor: Actor): void {
  assertMay(actor, 'settings:write')
  assertUnpinned(actor)
}

/**
 * What fired tells of usage.
 * @throws forbidden
 */
export function assertMaySeeAlerts(actor: Actor): void {
  assertMay(actor, 'usage:read')
  assertUnpinned(actor)
}
