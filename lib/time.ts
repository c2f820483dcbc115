import { z } from 'zod'
import { appError } from './errors.ts'

/** Outside of these years a time is a slip of the pen, and calendars differ in what they make of it. */
const FIRST = Date.UTC(1970, 0, 1)
const END = Date.UTC(3000, 0, 1)
/** PostgreSQL reads no longer ones; a fraction of a second may have any number of digits. */
const LONGEST = 64

/**
 * A moment that a caller names, ISO 8601 with an offset from UTC, from 1970 to 2999. Whoever reads it makes
 * a Date of it first: PostgreSQL refuses offsets beyond 16 hours, which ISO 8601 allows.
 */
export const Moment = z.iso
  .datetime({ offset: true })
  .max(LONGEST)
  .refine(isInRange, 'must lie between the years 1970 and 2999')

/** A time in a cursor, as answers write it. */
export const CursorTime = z.iso
  .datetime()
  .max(LONGEST)
  .refine(isInRange, 'must lie between the years 1970 and 2999')

function isInRange(text: string): boolean {
  const time = Date.parse(text)
  return time >= FIRST && time < END
}

/**
 * Asserts that a span that a caller asks for holds something.
 * @throws invalid_input where `from` is not before `to`
 */
export function assertSpan({ from, to }: { from?: string | undefined; to?: string | undefined }): void {
  if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return
  throw appError('invalid_input', '`from` must be before `to`.', {
    details: [{ path: ['from'], code: 'invalid_range', message: 'is not before `to`' }],
  })
}
