import { type AppError, appError, type ErrorDetail, type TextRange } from '../errors.ts'

/** What stops a parse or a render inside one text, with the span it stands at once that is known. */
export interface Fault extends Error {
  readonly name: 'TemplateFault'
  readonly code: string
  start: number | undefined
  end: number | undefined
  /** What to write instead. */
  hint: string | undefined
}

/** Codes that mean "a limit was reached", told apart because another way to render may help. */
export const TIME_LIMIT = 'time_limit'
export const WORK_LIMIT = 'work_limit'
export const OUTPUT_LIMIT = 'output_limit'
export const ITEMS_LIMIT = 'too_many_items'
export const TAGS_LIMIT = 'too_many_marks'
export const DEPTH_LIMIT = 'too_deep'
export const INCLUDE_DEPTH_LIMIT = 'include_depth'
/** A call stack or a text is larger than the engine can have. */
export const ENGINE_LIMIT = 'engine_limit'

/** Limits of size and the settings behind them: passing one is `too_large`. */
export const LIMIT_KEYS: ReadonlyMap<string, string> = new Map([
  [OUTPUT_LIMIT, 'limits.output_bytes'],
  [ITEMS_LIMIT, 'limits.values_items'],
  [TAGS_LIMIT, 'limits.template_tags'],
  [DEPTH_LIMIT, 'limits.template_depth'],
  [INCLUDE_DEPTH_LIMIT, 'limits.include_depth'],
])

/** Limits of work and time: passing one is `unprocessable`, since nothing that was sent is too large. */
export const WORK_LIMIT_KEYS: ReadonlyMap<string, string> = new Map([
  [WORK_LIMIT, 'limits.render_work'],
  [TIME_LIMIT, 'limits.render_ms'],
])

/**
 * The refusal of a content or render: `too_large` with the setting where a limit of size was passed, else
 * `unprocessable`.
 * @param what cannot be done, without full stop; the first reason follows
 */
export function refusedTemplate(what: string, details: ErrorDetail[]): AppError {
  const passed = details.find(({ code }) => LIMIT_KEYS.has(code))
  const reason = passed ?? details[0]
  const message = `${what}: ${reason?.message}.`
  if (passed === undefined) return appError('unprocessable', message, { details })
  return appError('too_large', message, { details, extra: { limit: LIMIT_KEYS.get(passed.code) } })
}

/** Makes a fault; `start` and `end` are offsets in UTF-16 units, the end exclusive. */
export function fault(code: string, message: string, start?: number, end?: number, hint?: string): Fault {
  return Object.assign(new Error(message), { name: 'TemplateFault' as const, code, start, end, hint })
}

export function isFault(error: unknown): error is Fault {
  return error instanceof Error && error.name === 'TemplateFault'
}

/** Makes ranges in one text; the lines are counted once. */
export function rangesIn(text: string): (start: number, end: number) => TextRange {
  let starts: number[] | undefined
  return (start, end) => {
    starts ??= lineStarts(text)
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= start) low = middle
      else high = middle
    }
    return { start, end, line: low + 1, column: start - (starts[low] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Offsets with the line and column (both from 1) of the first. */
export function rangeIn(text: string, start: number, end: number): TextRange {
  return rangesIn(text)(start, end)
}

/** The fault as an error detail of the field it happened in. */
export function detailOf(found: Fault, path: (string | number)[], text: string): ErrorDetail {
  const start = found.start ?? 0
  const end = found.end ?? text.length
  return { path, code: found.code, message: found.message, range: rangeIn(text, start, end) }
}
