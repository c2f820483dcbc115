/** Spans of time as the reader's calendar has them: days begin at midnight of the reader's time zone. */

export const RANGES = ['24h', '7d', '30d', '90d'] as const
export type Range = (typeof RANGES)[number]
export const DEFAULT_RANGE: Range = '30d'

/** Enough for two years beside each other. */
export const MAX_DAYS = 731
/** Up to so many days are shown by the hour, and by the day. */
const DAYS_BY_HOUR = 3
const DAYS_BY_DAY = 100

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const RANGE_DAYS: Record<Exclude<Range, '24h'>, number> = { '7d': 7, '30d': 30, '90d': 90 }

/** The span in the address: a range up to now, or two days, both included. */
export interface SpanChoice {
  range: Range | null
  from: string | null
  to: string | null
}

export interface Span {
  /** ISO, in UTC. */
  from: string
  to: string
  interval: Interval
}

export type Interval = 'hour' | 'day' | 'week'

/** The two days of the choice, unless it is a range or makes no sense. */
export function customDays({ from, to }: SpanChoice): { from: string; to: string } | undefined {
  if (from === null || to === null || from > to) return undefined
  return daysBetween(from, to) < MAX_DAYS ? { from, to } : undefined
}

/**
 * The span that a choice means at a moment.
 * @param zone IANA name of the reader's time zone
 */
export function spanOf(choice: SpanChoice, zone: string, now: Date): Span {
  const custom = customDays(choice)
  const today = dayIn(now, zone)
  if (custom !== undefined && custom.from <= today) {
    const end = Math.min(now.getTime(), startOfDay(addDays(custom.to, 1), zone))
    const days = daysBetween(custom.from, custom.to) + 1
    const interval = days <= DAYS_BY_HOUR ? 'hour' : days <= DAYS_BY_DAY ? 'day' : 'week'
    return span(startOfDay(custom.from, zone), end, interval)
  }
  const range = choice.range ?? DEFAULT_RANGE
  if (range === '24h') {
    const hour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
    return span(hour - 23 * HOUR_MS, now.getTime(), 'hour')
  }
  return span(startOfDay(addDays(today, 1 - RANGE_DAYS[range]), zone), now.getTime(), 'day')
}

/**
 * Counts are kept by whole hours of UTC. Where midnight lies within one (India, Nepal), the day begins with
 * the next: the hour before belongs to the day that it started in.
 */
function span(from: number, to: number, interval: Span['interval']): Span {
  const start = Math.ceil(from / HOUR_MS) * HOUR_MS
  return {
    from: new Date(start).toISOString(),
    to: new Date(Math.max(to, start + 1)).toISOString(),
    interval,
  }
}

const WEEK_MS = 7 * DAY_MS
/** A year whose days are the same days of the week. */
const YEAR_WEEKS = 52

/** The span that another is compared with: the one just before it, or the same weekdays of the year before. */
export function comparedSpan({ from, to, interval }: Span, comparison: 'before' | 'year'): Span {
  const length = Date.parse(to) - Date.parse(from)
  const back = comparison === 'year' ? YEAR_WEEKS * WEEK_MS : Math.ceil(length / HOUR_MS) * HOUR_MS
  const moved = (time: string) => new Date(Date.parse(time) - back).toISOString()
  return { from: moved(from), to: moved(to), interval }
}

/** The day, as `2026-11-24`, that a moment falls on. */
export function dayIn(moment: Date, zone: string): string {
  return new Date(moment.getTime() + offsetAt(moment.getTime(), zone)).toISOString().slice(0, 10)
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}

/** Milliseconds since 1970 at which a day begins. */
export function startOfDay(day: string, zone: string): number {
  const asUtc = Date.parse(day)
  const guess = asUtc - offsetAt(asUtc, zone)
  // The clock may have been put forward or back between the guess's two ends.
  return asUtc - offsetAt(guess, zone)
}

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetAt(time: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time)
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((each) => each.type === type)?.value ?? 0)
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return local - Math.floor(time / 1000) * 1000
}

/** Whether a name is one of a time zone that this platform knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

/** Tells the server which time zone the reader's days are of, so that its first page has the right ones. */
export const TIME_ZONE_COOKIE = 'incipit-time-zone'
