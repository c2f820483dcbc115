import type { LoadedConfig } from '../../config/load.ts'
import { providerFailure } from '../providers/failure.ts'

export type CallLimits = Pick<LoadedConfig['ai'], 'first_token_ms' | 'idle_ms' | 'answer_ms' | 'answer_bytes'>

const NEW_LINE = 10

/** Ends a call that takes too long, falls silent or answers too much. */
export interface CallWatch {
  /** Aborted by the caller, or by a limit with a ProviderFailure as its reason. */
  readonly signal: AbortSignal
  /** A piece of an answer has come. */
  received(piece: Uint8Array): void
  /** The first text is there: from now on silence is measured by `idle_ms`. */
  begun(): void
  /** Must be called when the call has ended. */
  stop(): void
}

/**
 * Watches one call. Until its first text a provider may be silent for `first_token_ms`, for models think;
 * afterwards for `idle_ms`; the whole takes `answer_ms` at most. `answer_bytes` are read, and a quarter of
 * them in one line, for a reader of lines keeps each line whole.
 */
export function watchCall(limits: CallLimits, caller: AbortSignal): CallWatch {
  const ending = new AbortController()
  const timeOut = (message: string) => ending.abort(providerFailure('timeout', message))
  const stopped = () => ending.abort(caller.reason)
  const tooLarge = (what: string) =>
    ending.abort(providerFailure('too_large', `The provider answered with ${what}.`))
  let bytes = 0
  let line = 0
  let hasBegun = false
  let silence = setTimeout(
    () => timeOut(`The provider did not begin to answer within ${inSeconds(limits.first_token_ms)}.`),
    limits.first_token_ms,
  )
  const whole = setTimeout(
    () => timeOut(`The answer took longer than ${inSeconds(limits.answer_ms)}.`),
    limits.answer_ms,
  )
  if (caller.aborted) stopped()
  else caller.addEventListener('abort', stopped, { once: true })

  return {
    signal: ending.signal,
    received(piece) {
      silence.refresh()
      bytes += piece.length
      const lineEnd = piece.lastIndexOf(NEW_LINE)
      line = lineEnd === -1 ? line + piece.length : piece.length - lineEnd - 1
      if (bytes > limits.answer_bytes) tooLarge(`more than ${limits.answer_bytes} bytes`)
      else if (line > limits.answer_bytes / 4) tooLarge(`${line} bytes in one line`)
    },
    begun() {
      if (hasBegun) return
      hasBegun = true
      clearTimeout(silence)
      silence = setTimeout(
        () => timeOut(`The provider fell silent for ${inSeconds(limits.idle_ms)} in its answer.`),
        limits.idle_ms,
      )
    },
    stop() {
      clearTimeout(silence)
      clearTimeout(whole)
      caller.removeEventListener('abort', stopped)
    },
  }
}

function inSeconds(ms: number): string {
  return `${ms / 1000} s`
}
