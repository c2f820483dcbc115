import type { Actor } from '../access/actor.ts'
import { assertMay, assertUnpinned } from '../access/rights.ts'

/**
 * Repositories are settings. What they bring is done with rights of its own.
 * @throws forbidden
 */
export function assertMayUseRepositories(actor: Actor): void {
  assertMay(actor, 'settings:write')
  assertUnpinned(actor)
}

/**
 * Who makes or changes one lets it write prompts in their name, and move labels where it is to.
 * @throws forbidden
 */
export function assertMayActThrough(actor: Actor, { labels }: { labels: boolean }): void {
  assertMay(actor, 'prompts:write')
  if (labels) assertMay(actor, 'prompts:release')
}
