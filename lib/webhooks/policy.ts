import type { Actor } from '../access/actor.ts'
import { assertMay, assertUnpinned } from '../access/rights.ts'

/**
 * Webhooks are settings, and tell of all labels.
 * @throws forbidden
 */
export function assertMayUseWebhooks(actor: Actor): void {
  assertMay(actor, 'settings:write')
  assertUnpinned(actor)
}
