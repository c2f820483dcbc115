import type { Actor } from '../../access/actor.ts'
import { callModel, type ModelAnswer } from '../../ai/calls/call-model.ts'
import { costOf } from '../../ai/cost.ts'
import { estimateAnswer } from '../../ai/limits/estimate-call.ts'
import { isProviderFailure } from '../../ai/providers/failure.ts'
import type { ProviderFailure } from '../../ai/providers/provider.ts'
import type { AttemptEnd } from '../store/attempt.ts'
import { createChunkWriter } from '../streaming/chunk-writer.ts'
import { heartbeat } from '../streaming/heartbeat.ts'
import { generationHub } from '../streaming/hub.ts'
import type { BeginResult } from './begin-attempt.ts'
import { keepAnswer } from './keep-answer.ts'
import type { RunPrompt } from './load-run.ts'
import type { UsableConfiguration } from './reserve.ts'

export interface RunAttemptInput {
  id: string
  configuration: UsableConfiguration
  begun: Extract<BeginResult, { kind: 'begun' }>
  prompt?: RunPrompt | undefined
}

/** What came of a call. */
export type AttemptResult =
  /** Kept, or given up because somebody stopped it. */
  { kind: 'ended' } | { kind: 'failed'; failure: ProviderFailure }

/**
 * Asks the model: pieces of its text go to followers as they arrive and into rows every
 * `limits.generation_flush_ms`; the outcome is kept, whatever it is.
 * @throws unavailable when it could not be kept
 */
export async function runAttempt(actor: Actor, input: RunAttemptInput): Promise<AttemptResult> {
  const { id, configuration, begun, prompt } = input
  const { attempt, messages, config, lastError } = begun
  const target = { workspaceId: actor.workspaceId, id }
  const progress = { attempt: attempt.attempt, configuration: configuration.facts.name, lastError }
  const live = generationHub().begin(target, { status: 'running', ...progress })
  const stopBeating = heartbeat().add(attempt.id)
  const chunks = createChunkWriter(target, attempt.attempt)
  const startedAt = performance.now()
  const arrived: Arrived = { text: '', requestId: null, firstTextAt: null }
  try {
    const { end, failure } = await callModel({
      workspaceId: actor.workspaceId,
      configuration,
      messages,
      config,
      signal: live.signal,
      trace: actor.request.trace,
      prompt,
      context: { generation_id: id, attempt: attempt.attempt },
      onStarted: (requestId) => {
        arrived.requestId = requestId ?? null
      },
      onText: (piece) => {
        arrived.firstTextAt ??= performance.now()
        arrived.text += piece
        live.push(piece)
        chunks.add(piece)
      },
    }).then(
      (answer) => ({ end: answered(configuration, answer), failure: undefined }),
      (error: unknown) =>
        brokenOff(error, { configuration, messages, arrived, startedAt, signal: live.signal }),
    )
    await chunks.stop()
    await keepAnswer(actor, { id, attempt, end, text: arrived.text })
    return failure === undefined ? { kind: 'ended' } : { kind: 'failed', failure }
  } finally {
    await chunks.stop()
    stopBeating()
    live.end()
  }
}

function answered({ facts }: UsableConfiguration, answer: ModelAnswer): AttemptEnd {
  const tokens = { input: answer.input_tokens, output: answer.output_tokens }
  return {
    status: 'succeeded',
    isCalled: true,
    used: { tokens, cost: costOf(facts, tokens) },
    requestId: answer.request_id,
    latencyMs: answer.latency_ms,
    firstTokenMs: answer.first_token_ms,
    finishReason: answer.finish_reason,
  }
}

/** What has come of an answer so far. */
interface Arrived {
  text: string
  requestId: string | null
  /** By the process's clock, in milliseconds. */
  firstTextAt: number | null
}

interface BrokenOff {
  configuration: UsableConfiguration
  messages: RunAttemptInput['begun']['messages']
  arrived: Arrived
  startedAt: number
  signal: AbortSignal
}

/** Failures before anybody was asked. */
const NOT_CALLED: ReadonlySet<string> = new Set(['breaker_open', 'blocked_address', 'missing_key'])

/** A call that was stopped or that failed half-way is paid for by what had arrived, about. */
function brokenOff(
  error: unknown,
  { configuration: { facts }, messages, arrived, startedAt, signal }: BrokenOff,
): { end: AttemptEnd; failure: ProviderFailure | undefined } {
  const { text, firstTextAt } = arrived
  const failure = isProviderFailure(error) ? error : undefined
  if (failure === undefined && !signal.aborted) throw error
  const isPaid = text !== '' || failure === undefined
  const tokens = estimateAnswer(facts, messages, text)
  return {
    end: {
      status: failure === undefined ? 'cancelled' : 'failed',
      isCalled: failure === undefined || !NOT_CALLED.has(failure.kind),
      used: isPaid ? { tokens, cost: costOf(facts, tokens) } : undefined,
      requestId: failure?.requestId ?? arrived.requestId,
      latencyMs: Math.round(performance.now() - startedAt),
      firstTokenMs: firstTextAt === null ? null : Math.round(firstTextAt - startedAt),
      reason: failure === undefined ? undefined : { code: failure.kind, message: failure.message },
    },
    failure,
  }
}
