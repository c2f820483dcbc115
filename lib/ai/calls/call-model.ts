import { appError } from '../../errors.ts'
import { childOf } from '../../id.ts'
import type { Message } from '../../prompts/content/content.ts'
import { getRuntime } from '../../runtime.ts'
import { type ModelAnswerFacts, observeModel } from '../../telemetry/model-span.ts'
import { providerFailure } from '../providers/failure.ts'
import { failureOf } from '../providers/failure-of.ts'
import { textOf } from '../providers/message-text.ts'
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
  /** The version that was rendered, for traces. */
  prompt?: { name: string; version: number } | undefined
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
    const answer = await observeModel(factsOf(plan, call), toldOf, (headers) =>
      ask(plan, call, reading, headers),
    )
    record.succeeded(answer)
    return answer
  } catch (error) {
    record.failed(error)
    throw error
  }
}

function factsOf({ provider, connection }: CallPlan, call: ModelCall) {
  const { facts } = call.configuration
  const { used } = settingsOfRun(facts, call.config)
  return {
    provider: provider.id,
    model: used.model,
    baseUrl: connection.baseUrl,
    settings: { maxTokens: used.max_tokens, temperature: used.temperature, topP: used.top_p },
    prompt: call.prompt,
    context: call.context,
    messages: () => call.messages.map((message) => ({ role: message.role, text: textOf(message) })),
  }
}

function toldOf(answer: ModelAnswer): ModelAnswerFacts {
  const { model, request_id, finish_reason, input_tokens, output_tokens, first_token_ms, text } = answer
  return {
    model,
    requestId: request_id,
    finishReason: finish_reason,
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    firstTokenMs: first_token_ms,
    text,
  }
}

/** @param headers of the trace, where calls are traced; else the caller's trace is handed on */
async function ask(
  plan: CallPlan,
  call: ModelCall,
  reading: Reading,
  headers: Readonly<Record<string, string>> | undefined,
): Promise<ModelAnswer> {
  const { provider, connection, target } = plan
  const passage = breakers().enter(call.workspaceId, target)
  const watch = watchCall(getRuntime().config.ai, call.signal)
  const { facts } = call.configuration
  const request = modelRequest(facts, call.messages, settingsOfRun(facts, call.config).used)
  try {
    const handedOn = headers ?? (call.trace === undefined ? {} : { traceparent: childOf(call.trace) })
    const fetch = outgoing().fetchFor(watch, handedOn)
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
