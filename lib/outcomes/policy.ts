import type { Actor } from '../access/actor.ts'
import { assertMay, may } from '../access/rights.ts'

/**
 * Who may render may say what came of it.
 * @throws forbidden
 */
export function assertMayReport(actor: Actor): void {
  assertMay(actor, 'prompts:read')
}

/**
 * What others reported is told to those who may read statistics; of one generation also to those who may read it.
 * @throws forbidden
 */
export function assertMayReadOutcomes(
  actor: Actor,
  { generation }: { generation?: string | undefined } = {},
): void {
  if (generation === undefined || !may(actor, 'generations:read')) assertMay(actor, 'usage:read')
}
