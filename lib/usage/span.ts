import { appError } from '../errors.ts'

const DEFAULT_DAYS = 30
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The span that is counted: whole hours, as in the roll-ups. */
export interface Span {
  from: Date
  to: Date
}

/**
 * The span that a query asks for; thirty days up to now by default.
 * @throws invalid_input when `from` is not before `to`
 */
export function spanOf(input: { from?: string | undefined; to?: string | undefined }): Span {
  const to = input.to === undefined ? new Date() : new Date(input.to)
  const from = wholeHour(
    input.from === undefined ? new Date(to.getTime() - DEFAULT_DAYS * DAY_MS) : new Date(input.from),
  )
  if (from < to) return { from, to }
  throw appError('invalid_input', '`from` must be before `to`.', {
    details: [{ path: ['from'], code: 'invalid_range', message: 'is not before `to`' }],
  })
}

/** The span of equal length that ends where this one begins. */
export function spanBefore({ from, to }: Span): Span {
  return { from: wholeHour(new Date(2 * from.getTime() - to.getTime())), to: from }
}

/** The same from the beginning of its first day of UTC on, for what is counted by days. */
export function wholeDays({ from, to }: Span): Span {
  return { from: new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS), to }
}

/** @throws invalid_input for a version of no prompt in particular */
export function assertVersionOfPrompt(input: {
  prompt?: string | undefined
  version?: number | undefined
}): void {
  if (input.version === undefined || input.prompt !== undefined) return
  const message = 'needs `prompt`: every prompt has a version of this number'
  throw appError('invalid_input', `\`version\` ${message}.`, {
    details: [{ path: ['version'], code: 'prompt_missing', message }],
  })
}

function wholeHour(time: Date): Date {
  return new Date(Math.floor(time.getTime() / HOUR_MS) * HOUR_MS)
}
