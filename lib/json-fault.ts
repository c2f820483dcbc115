import { type AppError, appError, type ErrorDetail } from './errors.ts'
import { cutText } from './text.ts'

/** What is wrong with a JSON text, and the span where. */
interface Fault {
  code: string
  message: string
  start: number
  end: number
}

/** The error for a text that is no JSON. */
export function syntaxFault(text: string, path: (string | number)[], at: number): AppError {
  const found =
    at >= text.length
      ? 'the text ends too early'
      : `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))}`
  return jsonFault(text, path, { code: 'malformed_json', message: found, start: at, end: at + 1 })
}

/**
 * The error for what a JSON text may not hold; it names path, line and column.
 * @param limit the key of the limit that it passes
 */
export function jsonFault(text: string, path: (string | number)[], fault: Fault, limit?: string): AppError {
  const before = text.slice(0, fault.start)
  const line = before.split('\n').length
  const column = fault.start - before.lastIndexOf('\n')
  const detail: ErrorDetail = {
    path,
    code: fault.code,
    message: fault.message,
    range: { start: fault.start, end: Math.min(fault.end, text.length), line, column },
  }
  const where = path.length === 0 ? '' : ` (${cutText(path.join('.'), 200)})`
  return appError(
    'invalid_input',
    `The JSON cannot be used: line ${line}, column ${column}${where}: ${fault.message}.`,
    {
      details: [detail],
      ...(limit !== undefined && { extra: { limit } }),
    },
  )
}
