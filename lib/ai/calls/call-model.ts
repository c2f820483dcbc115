import { appError } from '../../errors.ts'
import type { Message } from '../../prompts/content/content.ts'
import { getRuntime } from '../../runtime.ts'
import { providerFailure } from '../providers/failure.ts'
import { failureOf } from '../providers/failure-of.ts'
import type { ModelEvent } from '../providers/provider.ts'
import type { RunConfig } from '../run-settings.ts'
import { breakers } from './breaker.ts'
import {
  type CallableConfiguration,
  type CallPlan,
  modelRequest,
  planCall,
  settingsOfRun,
} from './call-plan.ts'
import { recordCall } from './call-record.ts'
import { outgoing } from './guarded-fetch.ts'
import { type ModelAnswer, type Reading, readAnswer, startReading } from './read-answer.ts'
import { watchCall } from './watch.ts'

export type { CallableConfiguration, ModelAnswer }

export interface ModelCall {
  workspaceId: string
  configuration: CallableConfiguration
  /** Rendered. */
  messages: readonly Message[]
  /** What the version says about how the model is asked; left out: nothing. */
  config?: RunConfig | null | undefined
  /** Ends the call at once; its reason is thrown. */
  signal: AbortSignal
  /** The provider has taken the request; its id of it, if it has one. */
  onStarted?: (requestId: string | undefined) => void
  /** The next piece of the answer: no NUL, no half of a surrogate pair, at most `ai.answer_length` in all. */
  onText: (text: string) => void
  /** The W3C `traceparent` that the provider is told; left out: none. */
  trace?: string | undefined
  /** What the call belongs to, for the log. */
  context: { generation_id?: string; attempt?: number }
}

/**
 * Asks a model and hands its text on as it comes. One attempt: retries, fallbacks, limits and quotas are
 * the callers' business.
 * @throws ProviderFailure, whose kind decides what happens next and whose message holds no key; the
 * signal's reason when it was aborted; unavailable when this process ends meanwhile
 */
export async function callModel(call: ModelCall): Promise<ModelAnswer> {
  call.signal.throwIfAborted()
  const plan = planCall(call.workspaceId, call.configuration)
  const reading = startReading()
  const record = recordCall(plan, call, reading)
  try {
    const answer = await ask(plan, call, reading)
    record.succeeded(answer)
    return answer
  } catch (error) {
    record.failed(error)
    throw error
  }
}

async function ask(plan: CallPlan, call: ModelCall, reading: Reading): Promise<ModelAnswer> {
  const { provider, connection, target } = plan
  const passage = breakers().enter(call.workspaceId, target)
  const watch = watchCall(getRuntime().config.ai, call.signal)
  const { facts } = call.configuration
  const request = modelRequest(facts, call.messages, settingsOfRun(facts, call.config).used)
  try {
    const fetch = outgoing().fetchFor(watch, call.trace)
    const events = provider.generate({ ...connection, fetch }, request, watch.signal)
    const answer = await readAnswer(withFailures(events, plan, watch.signal), {
      provider,
      request,
      reading,
      signal: watch.signal,
      hide: connection.apiKey,
      onStarted: call.onStarted,
      onText: call.onText,
      onFirstText() {
        watch.begun()
        passage.begun()
      },
    })
    passage.ended('succeeded')
    return answer
  } catch (error) {
    // An interrupted SDK may throw anything: the reason is why it was interrupted.
    const cause: unknown = watch.signal.aborted
      ? watch.signal.reason
      : outgoing().isClosed
        ? stopping()
        : error
    const failure = failureOf(cause, { provider: provider.title, hide: connection.apiKey })
    passage.ended(failure?.kind ?? 'left')
    throw failure ?? cause
  } finally {
    watch.stop()
  }
}

/** A call that our own end broke off is no fault of the provider: another instance makes it again. */
function stopping(): Error {
  return appError('unavailable', 'The app stopped in the middle of the call.')
}

/**
 * The events of a provider, whose errors are all failures of the call: what came had a shape that nobody
 * foresaw, and our own code that reads it is not to be blamed for that.
 */
async function* withFailures(
  events: AsyncIterable<ModelEvent>,
  { provider, connection }: CallPlan,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  try {
    yield* events
  } catch (error) {
    if (signal.aborted || outgoing().isClosed) throw error
    const failure = failureOf(error, { provider: provider.title, hide: connection.apiKey })
    if (failure !== undefined) throw failure
    // Errors of parsers quote what they read.
    const { log, config } = getRuntime()
    const what = config.ai.log_content ? { err: error } : { error: error instanceof Error ? error.name : '' }
    log.warn({ ...what, provider: provider.id }, 'an answer could not be read')
    throw providerFailure('bad_answer', `${provider.title} answered with something that cannot be read.`)
  }
}
