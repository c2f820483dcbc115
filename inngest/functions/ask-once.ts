import { NonRetriableError, RetryAfterError } from 'inngest'
import { actorNow, type KeptActor } from '#lib/access/kept-actor.ts'
import type { ProviderFailure } from '#lib/ai/providers/provider.ts'
import { NO_RIGHTS, type RunPrompt } from '#lib/generations/runs/load-run.ts'
import { noteWait } from '#lib/generations/runs/note-wait.ts'
import { tryConfiguration } from '#lib/generations/runs/try-configuration.ts'
import type { WaitKind } from '#lib/generations/status.ts'
import { getRuntime } from '#lib/runtime.ts'

/** One try of one configuration, as the function orders it. */
export interface Call {
  workspaceId: string
  id: string
  requester: KeptActor
  runId: string
  configurationId: string
  prompt: RunPrompt | undefined
}

/** Why a configuration did not answer. */
export interface Failed {
  code: string
  message: string
}

/** What came of it, kept as the step's result: an answer is in its row. */
export type Asked =
  | { kind: 'ended' }
  | { kind: 'wait'; seconds: number }
  | { kind: 'refused'; reason: Failed }

/** Why a run waits before it asks; what is not named is a limit without room. */
const WAITS: Readonly<Record<string, WaitKind>> = { running: 'busy', provider_off: 'elsewhere' }
const BACKOFF_MAX_SECONDS = 30
const SPREAD_SECONDS = 3

/**
 * Asks once and says in the terms of Inngest what is to happen after a failure. How often it was asked stands in
 * the rows: the attempts of a step count what never reached a provider as well.
 * @throws RetryAfterError when the same may succeed later, NonRetriableError when it will not
 */
export async function askOnce(call: Call): Promise<Asked> {
  const { workspaceId, id, requester, configurationId, runId, prompt } = call
  const actor = await actorNow(workspaceId, requester, 'generations:run')
  if (actor === undefined) return { kind: 'refused', reason: NO_RIGHTS }
  const tried = await tryConfiguration(actor, { id, configurationId, runId, prompt })
  if (tried.kind === 'ended' || tried.kind === 'refused') return tried
  // Of many that wait for the same minute, not all come back in its first moment.
  if (tried.kind === 'wait') {
    const seconds = tried.seconds + Math.floor(Math.random() * SPREAD_SECONDS)
    await noteWait(actor, { id, configurationId, kind: WAITS[tried.reason.code] ?? 'limit', seconds })
    return { kind: 'wait', seconds }
  }
  const { failure, isLast, tries } = tried
  const { retries, retry_after_max } = getRuntime().config.ai
  const { seconds, kind } = waitOf(failure, tries)
  const isOver = tries > retries || seconds > retry_after_max
  if (!failure.retryable || isOver || isBetterAskedElsewhere(failure, isLast))
    throw new NonRetriableError(failure.summary)
  await noteWait(actor, { id, configurationId, kind, seconds })
  // A number of seconds is cut to whole ones by a server's clock; a moment is kept to.
  throw new RetryAfterError(failure.summary, new Date(Date.now() + seconds * 1000))
}

/** A provider that is known to be down is not waited for while another one can answer. */
function isBetterAskedElsewhere({ kind }: ProviderFailure, isLast: boolean): boolean {
  return kind === 'breaker_open' && !isLast
}

/** What the provider says, else twice as long each time with some chance in it; whole seconds. */
function waitOf({ retryAfter = 0 }: ProviderFailure, tries: number): { seconds: number; kind: WaitKind } {
  const backoff = Math.min(BACKOFF_MAX_SECONDS, 2 ** (tries - 1)) * (0.5 + Math.random() / 2)
  const kind = retryAfter > backoff ? 'retry_after' : 'backoff'
  return { seconds: Math.max(1, Math.ceil(Math.max(retryAfter, backoff))), kind }
}
