import { parseAsStringLiteral } from 'nuqs/server'
import { parseAsText } from '#components/shell/address-parsers.ts'
import { isTimeZone, RANGES } from './span.ts'

/** The parameters of pages that choose a span; an invalid value reads as absent. */

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const MINUTE =
  /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[ +-]\d\d:?\d\d)$/

/** Whether a text begins with a day that there is: the last day of February moves. */
const isOnDay = (text: string) =>
  Date.parse(text.slice(0, 10)) > 0 && new Date(text.slice(0, 10)).toISOString().startsWith(text.slice(0, 10))

/** A minute of UTC as an address has it: `2026-11-24T13:00Z` */
export function minuteText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`
}

/** A day, or a time with its offset: as the whole unit that it is in, or that ends with it or after it. */
const parseAsDayOrTime = (unit: number, round: (units: number) => number) =>
  parseAsText((text) => {
    if (DAY.test(text)) return isOnDay(text) ? text : null
    // A plus that somebody typed arrives as a blank.
    const time = MINUTE.test(text) && isOnDay(text) ? Date.parse(text.replace(' ', '+')) : Number.NaN
    return Number.isNaN(time) ? null : minuteText(round(time / unit) * unit)
  })

const spanParsers = (unit: number) => ({
  range: parseAsStringLiteral(RANGES),
  from: parseAsDayOrTime(unit, Math.floor),
  to: parseAsDayOrTime(unit, Math.ceil),
  // Of the days and the clocks; the reader's own where it is left out.
  tz: parseAsText((text) => (isTimeZone(text) ? text : null)),
})

/** A span of what is counted by the hour. */
export const countedSpanParsers = spanParsers(HOUR_MS)
/** A span of a list, whose rows have times of their own. */
export const listSpanParsers = spanParsers(MINUTE_MS)
