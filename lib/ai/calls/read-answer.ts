import { getRuntime } from '../../runtime.ts'
import { estimateText } from '../providers/estimate.ts'
import { isProviderFailure, providerFailure } from '../providers/failure.ts'
import { hideKey, screenKey } from '../providers/hide-key.ts'
import type {
  FinishReason,
  ModelEvent,
  ModelRequest,
  Provider,
  ReportedTokens,
} from '../providers/provider.ts'
import { countIn } from '../providers/reported.ts'
import { takeText } from './text-intake.ts'

/** What is known of an answer while it comes; a failed call leaves what it got. */
export interface Reading {
  text: string
  requestId: string | undefined
  /** Milliseconds of performance.now(). */
  startedAt: number
  firstTextAt: number | undefined
}

interface ReadOptions {
  provider: Provider
  request: ModelRequest
  reading: Reading
  signal: AbortSignal
  /** The key of the call, which no text may hold. */
  hide: string | undefined
  onStarted: ((requestId: string | undefined) => void) | undefined
  onText: (text: string) => void
  onFirstText: () => void
}

export interface ModelAnswer {
  /** All pieces together. */
  text: string
  /** `length`: cut at max_tokens or at `ai.answer_length`. */
  finish_reason: FinishReason
  input_tokens: number
  output_tokens: number
  /** Whether the provider sent no count of one or both, so that these are estimates. */
  tokens_estimated: boolean
  request_id: string | null
  /** The model that answered, as the provider names it. */
  model: string | undefined
  /** From the call to its first text; null when it had none. */
  first_token_ms: number | null
  latency_ms: number
}

export function startReading(): Reading {
  return { text: '', requestId: undefined, startedAt: performance.now(), firstTextAt: undefined }
}

interface End {
  reason: FinishReason
  tokens: ReportedTokens | undefined
  model?: string | undefined
}

/**
 * Reads a provider's events to their end, hands the text on and counts.
 * @throws whatever the provider throws, ProviderFailure bad_answer when the answer has no end, and the
 * signal's reason
 */
export async function readAnswer(
  events: AsyncIterable<ModelEvent>,
  options: ReadOptions,
): Promise<ModelAnswer> {
  const end = await readEvents(events, options)
  const { reading, provider, request } = options
  const input = countIn(end.tokens?.input)
  const output = countIn(end.tokens?.output)
  return {
    text: reading.text,
    finish_reason: end.reason,
    input_tokens: input ?? provider.estimate(request),
    output_tokens: output ?? estimateText(reading.text),
    tokens_estimated: input === undefined || output === undefined,
    request_id: reading.requestId ?? null,
    model: end.model === undefined ? undefined : hideKey(end.model, options.hide),
    first_token_ms: reading.firstTextAt === undefined ? null : since(reading, reading.firstTextAt),
    latency_ms: since(reading, performance.now()),
  }
}

async function readEvents(events: AsyncIterable<ModelEvent>, options: ReadOptions): Promise<End> {
  const intake = takeText(getRuntime().config.ai.answer_length)
  const screen = screenKey(options.hide)
  const finish = () => {
    hand(intake.accept(screen.end()), options)
    hand(intake.end(), options)
  }
  let whole: FinishReason | undefined
  try {
    for await (const event of untilAborted(events, options.signal)) {
      if (event.type === 'started') {
        const requestId = event.requestId === undefined ? undefined : hideKey(event.requestId, options.hide)
        options.reading.requestId = requestId
        options.onStarted?.(requestId)
      } else if (event.type === 'text') {
        hand(intake.accept(screen.accept(event.text)), options)
        if (intake.isFull) return { reason: 'length', tokens: undefined }
      } else if (event.type === 'whole') whole = event.reason
      else {
        finish()
        return { reason: event.reason, tokens: event.tokens, model: event.model }
      }
    }
  } catch (error) {
    // An answer that arrived whole is kept even without its count; not when somebody stopped it.
    if (whole === undefined || !isProviderFailure(error)) throw error
  }
  if (whole !== undefined) {
    finish()
    return { reason: whole, tokens: undefined }
  }
  throw providerFailure('bad_answer', 'The answer ended before it was complete.')
}

function hand(text: string, { reading, onText, onFirstText }: ReadOptions): void {
  if (text === '') return
  if (reading.firstTextAt === undefined) {
    reading.firstTextAt = performance.now()
    onFirstText()
  }
  reading.text += text
  onText(text)
}

function since({ startedAt }: Reading, at: number): number {
  return Math.round(at - startedAt)
}

/**
 * The items of a source until the signal is aborted; then it throws the signal's reason at once, whatever
 * the source does. The source is told to end, and is not waited for.
 */
async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  let interrupt: (reason: unknown) => void = () => undefined
  const onAbort = () => interrupt(signal.reason)
  signal.addEventListener('abort', onAbort)
  let isDone = false
  try {
    for (;;) {
      signal.throwIfAborted()
      const next = iterator.next()
      const result = await new Promise<IteratorResult<T>>((resolve, reject) => {
        interrupt = reject
        next.then(resolve, reject)
      })
      if (result.done === true) {
        isDone = true
        return
      }
      yield result.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    if (!isDone) iterator.return?.().catch(() => undefined)
  }
}
