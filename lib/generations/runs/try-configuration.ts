import type { Actor } from '../../access/actor.ts'
import { isProviderOff, loadConfiguration, loadFallbacks } from '../../ai/operations/load-configuration.ts'
import type { ProviderFailure } from '../../ai/providers/provider.ts'
import { onPrimary } from '../../db/read.ts'
import { isAppError } from '../../errors.ts'
import { countFailures, type Reason } from '../store/attempt.ts'
import { beginAttempt } from './begin-attempt.ts'
import { oneAtATime } from './calls-under-way.ts'
import type { RunPrompt } from './load-run.ts'
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
  /** The version that is sent, for traces. */
  prompt?: RunPrompt | undefined
}

/** How often a job that another instance may do is offered again, and for how long after it was asked for. */
const ELSEWHERE_SECONDS = 2
const ELSEWHERE_WITHIN_SECONDS = 300

/**
 * Asks one configuration once, if its limits allow: one attempt of a generation. A generation that is
 * answered already is not asked for again, and one that this process is asking for is waited for.
 * @throws unavailable
 */
export function tryConfiguration(actor: Actor, input: TryConfigurationInput): Promise<Tried> {
  const { id, configurationId, runId } = input
  const order = `${configurationId} ${runId ?? ''}`
  return oneAtATime({ workspaceId: actor.workspaceId, id }, order, () => ask(actor, input))
}

async function ask(
  actor: Actor,
  { id, configurationId, runId, prompt }: TryConfigurationInput,
): Promise<Tried> {
  try {
    const [configuration, ...others] = await loadConfiguration(actor, { id: configurationId })
    const begun = await beginAttempt(actor, { id, configuration, runId })
    if (begun.kind !== 'begun') return begun
    const result = await runAttempt(actor, { id, configuration, begun, prompt })
    if (result.kind === 'ended') return result
    const tries = await countFailures({ workspaceId: actor.workspaceId, id }, configurationId)
    return { ...result, isLast: others.length === 0, tries }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'unprocessable') throw error
    if (isProviderOff(error) && (await mayBeTriedElsewhere(actor, { id, configurationId })))
      return {
        kind: 'wait',
        seconds: ELSEWHERE_SECONDS,
        reason: { code: 'provider_off', message: error.message },
      }
    // Deleted or switched off since it was chosen.
    return { kind: 'refused', reason: { code: 'configuration_unusable', message: error.message } }
  }
}

/**
 * Whether a job that this instance cannot do goes back for another instance, as while a setting is changed on
 * one after the other: not for long, and not where a fallback can answer.
 */
async function mayBeTriedElsewhere(
  actor: Actor,
  { id, configurationId }: { id: string; configurationId: string },
): Promise<boolean> {
  if ((await nextConfiguration(actor, configurationId)) !== null) return false
  const { rowCount } = await onPrimary(({ pool }) =>
    pool.query(
      `SELECT FROM generated_content
       WHERE workspace_id = $1 AND id = $2 AND cancel_requested_at IS NULL AND created_at > now() - make_interval(secs => $3)`,
      [actor.workspaceId, id, ELSEWHERE_WITHIN_SECONDS],
    ),
  )
  return rowCount === 1
}

/**
 * The configuration that is asked when one has failed; null: there is none.
 * @throws unavailable
 */
export async function nextConfiguration(actor: Actor, configurationId: string): Promise<string | null> {
  const [next] = await loadFallbacks(actor, { id: configurationId })
  return next?.id ?? null
}
