import type { Interval } from './span.ts'

const HOUR_MS = 3_600_000

/** Times as the reader's clock shows them. */
export interface TimeWords {
  /** `24 Nov` */
  day: (iso: string) => string
  /** `14:00` */
  hour: (iso: string) => string
  /**
   * `Tue 24 Nov 2026`, `Tue 24 Nov 2026, 14:00`, `Week of Mon 23 Nov 2026`; an hour that a change of clocks repeats has
   * its offset: `Sun 25 Oct 2026, 02:00 GMT+1`
   */
  bucket: (iso: string, interval: Interval) => string
  /** `24 Nov 2026, 14:05` */
  moment: (iso: string) => string
  /** `24 Nov, 14:00 – 17:00`, `24 Nov, 22:00 – 25 Nov, 03:00` */
  span: (from: string, to: string) => string
}

const known = new Map<string, TimeWords>()

/** Words for times in a zone; formatters are costly to make, so they are kept. */
export function timeWords(zone: string): TimeWords {
  const held = known.get(zone)
  if (held !== undefined) return held
  const with_ = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })
    return (iso: string) => format.format(new Date(iso))
  }
  const day = with_({ day: 'numeric', month: 'short' })
  const hour = with_({ hour: '2-digit', minute: '2-digit' })
  const longDay = with_({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  const moment = with_({ dateStyle: 'medium', timeStyle: 'short' })
  const offset = with_({ hour: '2-digit', minute: '2-digit', timeZoneName: 'shortOffset' })
  // Clocks change by an hour, or half of one.
  const isTwice = (iso: string) =>
    [-1, -0.5, 0.5, 1].some(
      (hours) => moment(new Date(Date.parse(iso) + hours * HOUR_MS).toISOString()) === moment(iso),
    )
  const words: TimeWords = {
    day,
    hour,
    moment,
    bucket: (iso, interval) =>
      interval === 'hour'
        ? `${longDay(iso)}, ${isTwice(iso) ? offset(iso) : hour(iso)}`
        : interval === 'week'
          ? `Week of ${longDay(iso)}`
          : longDay(iso),
    span: (from, to) =>
      `${day(from)}, ${hour(from)} – ${day(from) === day(to) ? '' : `${day(to)}, `}${hour(to)}`,
  }
  known.set(zone, words)
  return words
}
