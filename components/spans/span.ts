import { zoneOf } from '#lib/usage/rules.ts'

/** Spans of time as the reader's calendar has them: days begin at midnight of the reader's time zone. */

export const RANGES = ['24h', '7d', '30d', '90d'] as const
export type Range = (typeof RANGES)[number]
export const DEFAULT_RANGE: Range = '30d'
export const RANGE_NAMES: Record<Range, string> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
}

/** Enough for two years beside each other. */
export const MAX_DAYS = 731
/** Up to so many days are shown by the hour, and by the day. */
const DAYS_BY_HOUR = 3
const DAYS_BY_DAY = 100

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const RANGE_DAYS: Record<Exclude<Range, '24h'>, number> = { '7d': 7, '30d': 30, '90d': 90 }

/** The span in the address: a range up to now, or two days, both included, or two times of UTC (`2026-11-24T13:00Z`). */
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

interface Ends {
  from: string
  to: string
}

const DAY_LENGTH = '2026-11-24'.length
export const isDay = (text: string) => text.length === DAY_LENGTH

/** The two days or times of the choice, unless it is a range or makes no sense. */
export function customEnds({ from, to }: SpanChoice): Ends | undefined {
  if (from === null || to === null || isDay(from) !== isDay(to)) return undefined
  const length = Date.parse(to) - Date.parse(from) + (isDay(to) ? DAY_MS : 0)
  return length > 0 && length <= MAX_DAYS * DAY_MS ? { from, to } : undefined
}

/** The same where they are days. */
export function customDays(choice: SpanChoice): Ends | undefined {
  const ends = customEnds(choice)
  return ends !== undefined && isDay(ends.from) ? ends : undefined
}

/**
 * The span that a choice means at a moment.
 * @param zone IANA name of the reader's time zone
 */
export function spanOf(choice: SpanChoice, zone: string, now: Date): Span {
  const ends = customEnds(choice)
  if (ends !== undefined) {
    const [from, to] = isDay(ends.from)
      ? [countedFrom(ends.from, zone), countedFrom(addDays(ends.to, 1), zone)]
      : [Date.parse(ends.from), Date.parse(ends.to)]
    if (from < now.getTime()) return span(from, Math.min(now.getTime(), to), intervalOf(to - from))
  }
  const range = choice.range ?? DEFAULT_RANGE
  if (range === '24h') {
    const hour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
    return span(hour - 23 * HOUR_MS, now.getTime(), 'hour')
  }
  const today = dayIn(now, zone)
  return span(countedFrom(addDays(today, 1 - RANGE_DAYS[range]), zone), now.getTime(), 'day')
}

/**
 * First and last moment of a choice as a list is asked for them; nothing: everything. A span up to now has no end: what
 * comes belongs to it.
 */
export function listSpanOf(choice: SpanChoice, zone: string): { from?: string; to?: string } {
  if (choice.range === null && customEnds(choice) === undefined) return {}
  const now = new Date()
  const { from, to } = spanOf(choice, zone, now)
  return Date.parse(to) >= now.getTime() ? { from } : { from, to }
}

/** By the length in milliseconds; one day of it may be an hour longer. */
export function intervalOf(length: number): Interval {
  if (length <= DAYS_BY_HOUR * DAY_MS + HOUR_MS) return 'hour'
  return length <= DAYS_BY_DAY * DAY_MS + HOUR_MS ? 'day' : 'week'
}

export const nextHour = (time: number) => Math.ceil(time / HOUR_MS) * HOUR_MS

/**
 * Counts are kept by whole hours of UTC. Where midnight lies within one (India, Nepal), the day begins with
 * the next: the hour before belongs to the day that it started in.
 */
function countedFrom(day: string, zone: string): number {
  return nextHour(startOfDay(day, zone))
}

function span(from: number, to: number, interval: Span['interval']): Span {
  return {
    from: new Date(from).toISOString(),
    to: new Date(Math.max(to, from + 1)).toISOString(),
    interval,
  }
}

/** What a span is compared with. */
export const COMPARISONS = ['before', 'weekdays', 'year'] as const
export type Comparison = (typeof COMPARISONS)[number]

const WEEK_DAYS = 7
/** A year whose days are the same days of the week. */
const YEAR_DAYS = 364

/**
 * The span that another is compared with: the one just before it; the last one before it with the same weekdays; or
 * the same weekdays of the year before.
 */
export function comparedSpan(span: Span, comparison: Comparison, zone: string): Span {
  const back = comparedTime(span, comparison, zone)
  return {
    from: new Date(back(Date.parse(span.from))).toISOString(),
    to: new Date(back(Date.parse(span.to))).toISOString(),
    interval: span.interval,
  }
}

/**
 * Leads from times of a span to those that they are compared with, in milliseconds. Days stay days of the zone where
 * the clocks changed in between; hours before hours are as many.
 */
export function comparedTime(span: Span, comparison: Comparison, zone: string): (time: number) => number {
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)]
  if (comparison === 'before' && span.interval === 'hour') return (time) => time - nextHour(to - from)
  const days = comparedDays(span, comparison, zone)
  return (time) => daysLater(time, -days, zone)
}

/** So many days a comparison goes back; hours go back as many hours as there are. */
export function comparedDays(
  { from, to }: Pick<Span, 'from' | 'to'>,
  comparison: Comparison,
  zone: string,
): number {
  if (comparison === 'year') return YEAR_DAYS
  const days = countDays(Date.parse(from), Date.parse(to), zone)
  return comparison === 'before' ? days : Math.ceil(days / WEEK_DAYS) * WEEK_DAYS
}

/** How many days of a zone there are between two times, the first and the last included. */
export function countDays(from: number, to: number, zone: string): number {
  return daysBetween(dayIn(new Date(from), zone), dayIn(new Date(to - 1), zone)) + 1
}

/** The time so many days later at which the clocks of a zone show the same. */
function daysLater(time: number, days: number, zone: string): number {
  return momentAt(time + offsetAt(time, zone) + days * DAY_MS, zone)
}

/** The day, as `2026-11-24`, that a moment falls on. */
export function dayIn(moment: Date, zone: string): string {
  return new Date(moment.getTime() + offsetAt(moment.getTime(), zone)).toISOString().slice(0, 10)
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}

/** Milliseconds since 1970 at which a day begins. */
export function startOfDay(day: string, zone: string): number {
  return momentAt(Date.parse(day), zone)
}

/** When the clocks of a zone show what those of UTC show at a time. */
function momentAt(asUtc: number, zone: string): number {
  const guess = asUtc - offsetAt(asUtc, zone)
  // The clock may have been put forward or back between the guess's two ends.
  return asUtc - offsetAt(guess, zone)
}

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
export function offsetAt(time: number, zone: string): number {
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

/** Whether a name is one of a time zone that this platform knows, and the database. */
export function isTimeZone(name: string): boolean {
  return zoneOf(name) !== undefined
}

/** Tells the server which time zone the reader's days are of, so that its first page has the right ones. */
export const TIME_ZONE_COOKIE = 'incipit-time-zone'
