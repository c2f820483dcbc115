import { isAppError } from '../errors.ts'
import { scrub } from '../log.ts'

/** Longest message of an error that is told. */
const MESSAGE_LENGTH = 300
/** Longest stack, in lines. */
const STACK_LINES = 40

/**
 * A failure in one word out of few: the code of ours, of a provider or of the database, else the name of the class.
 * `unexpected`: nobody foresaw it, so its stack is worth something.
 */
export function failureType(error: unknown): { type: string; unexpected: boolean } {
  if (isAppError(error)) return { type: error.code, unexpected: error.code === 'internal' }
  if (!(error instanceof Error)) return { type: '_OTHER', unexpected: true }
  // The orders of a function to its runner, and errors in the form of JSON-RPC: what was behind them is told before.
  if (error.name === 'RetryAfterError' || error.name === 'NonRetriableError')
    return { type: error.name, unexpected: false }
  if (error.name === 'RpcError' && 'code' in error) return { type: String(error.code), unexpected: false }
  if (error.name === 'AbortError') return { type: 'aborted', unexpected: false }
  if ('kind' in error && typeof error.kind === 'string') return { type: error.kind, unexpected: false }
  if ('code' in error && typeof error.code === 'string') return { type: error.code, unexpected: true }
  return { type: error.name, unexpected: true }
}

/** Values in messages of errors: what is quoted, addresses of people, ids, numbers. The words around them stay. */
const VALUES: readonly [RegExp, string][] = [
  [/"(?:[^"\\]|\\.)*(?:"|\\?$)/g, '"…"'],
  // An apostrophe is no quote.
  [/(?<!\w)'(?:[^'\\\n]|\\.)*'(?!\w)/g, "'…'"],
  [/“[^”]*”/g, '“…”'],
  [/`[^`\n]*`/g, '`…`'],
  // PostgreSQL's way to quote a key: Key (name)=(value).
  [/=\([^)]*\)/g, '=(…)'],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, '…@…'],
  [/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi, '…'],
  [/\b(?=\w*\d)[\w-]{16,}\b/g, '…'],
  [/\d{3,}/g, '…'],
]

/**
 * The message of an error without values: what is left says what happened, and is the same each time. A quote that
 * is not closed hides the rest.
 */
export function plainMessage(message: string): string {
  const scrubbed = scrub(message.slice(0, 4 * MESSAGE_LENGTH))
  const masked = VALUES.reduce((text, [pattern, mask]) => text.replace(pattern, mask), scrubbed)
  return masked.replaceAll(/\s+/g, ' ').trim().slice(0, MESSAGE_LENGTH)
}

/** The calls of a stack, without the message before them. */
export function plainStack(stack: string | undefined): string[] {
  const calls = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return calls.slice(0, STACK_LINES).map((line) => line.trim())
}
