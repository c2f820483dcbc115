import type { Actor } from '../../access/actor.ts'
import { loadConfiguration } from '../../ai/operations/load-configuration.ts'
import type { ProviderFailure } from '../../ai/providers/provider.ts'
import { isAppError } from '../../errors.ts'
import { countFailures, type Reason } from '../attempt.ts'
import { oneAtATime } from '../calls-under-way.ts'
import { beginAttempt } from './begin-attempt.ts'
import { runAttempt } from './run-attempt.ts'

/** What came of asking one configuration once. */
export type Tried =
  | { kind: 'ended' }
  | { kind: 'wait'; seconds: number; reason: Reason }
  | { kind: 'refused'; reason: Reason }
  /** `isLast`: no other configuration is asked after it. `tries`: how often it was asked, this time included. */
  | { kind: 'failed'; failure: ProviderFailure; isLast: boolean; tries: number }

export interface TryConfigurationInput {
  id: string
  configurationId: string
  /** The run that orders it; it ends when another run has taken the generation. */
  runId?: string | undefined
}

/**
 * Asks one configuration once, if its limits allow: one attempt of a generation. A generation that is
 * answered already is not asked for again, and one that this process is asking for is waited for.
 * @throws unavailable
 */
export function tryConfiguration(actor: Actor, input: TryConfigurationInput): Promise<Tried> {
  const { id, configurationId } = input
  return oneAtATime({ workspaceId: actor.workspaceId, id }, configurationId, () => ask(actor, input))
}

async function ask(actor: Actor, { id, configurationId, runId }: TryConfigurationInput): Promise<Tried> {
  try {
    const [configuration, ...others] = await loadConfiguration(actor, { id: configurationId })
    const begun = await beginAttempt(actor, { id, configuration, runId })
    if (begun.kind !== 'begun') return begun
    const result = await runAttempt(actor, { id, configuration, begun })
    if (result.kind === 'ended') return result
    const tries = await countFailures({ workspaceId: actor.workspaceId, id }, configurationId)
    return { ...result, isLast: others.length === 0, tries }
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
