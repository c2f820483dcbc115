import type { Actor } from '../../access/actor.ts'
import { loadConfiguration } from '../../ai/operations/load-configuration.ts'
import type { ProviderFailure } from '../../ai/providers/provider.ts'
import { isAppError } from '../../errors.ts'
import type { Reason } from '../attempt.ts'
import { beginAttempt } from './begin-attempt.ts'
import { runAttempt } from './run-attempt.ts'

/** What came of asking one configuration once. */
export type Tried =
  | { kind: 'ended' }
  | { kind: 'wait'; seconds: number; reason: Reason }
  | { kind: 'refused'; reason: Reason }
  /** `isLast`: no other configuration is asked after it. */
  | { kind: 'failed'; failure: ProviderFailure; isLast: boolean }

/**
 * Asks one configuration once, if its limits allow: one attempt of a generation. A generation that is
 * answered already is not asked for again.
 * @throws unavailable
 */
export async function tryConfiguration(
  actor: Actor,
  { id, configurationId }: { id: string; configurationId: string },
): Promise<Tried> {
  try {
    const [configuration, ...others] = await loadConfiguration(actor, { id: configurationId })
    const begun = await beginAttempt(actor, { id, configuration })
    if (begun.kind !== 'begun') return begun
    const result = await runAttempt(actor, { id, configuration, begun })
    return result.kind === 'ended' ? result : { ...result, isLast: others.length === 0 }
  } catch (error) {
    // Deleted or switched off since it was chosen.
    if (!isAppError(error) || error.code !== 'unprocessable') throw error
    return { kind: 'refused', reason: { code: 'configuration_unusable', message: error.message } }
  }
}

/**
 * The configuration that is asked when one has failed; null: there is none.
 * @throws unavailable
 */
export async function nextConfiguration(actor: Actor, configurationId: string): Promise<string | null> {
  try {
    const [, next] = await loadConfiguration(actor, { id: configurationId })
    return next?.id ?? null
  } catch (error) {
    if (!isAppError(error) || error.code !== 'unprocessable') throw error
    return null
  }
}
