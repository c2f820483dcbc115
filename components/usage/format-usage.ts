import type { Interval } from './span.ts'

/** How a figure stands against the span before. */
export interface Change {
  /** `ratio`: 0.12 is 12 % more. `points`: difference of two shares, 0.01 is one percentage point. */
  kind: 'ratio' | 'points'
  by: number
}

/** The change of a count or a duration; undefined when there is nothing to compare with. */
export function ratioOf(now: number | null, before: number | null): Change | undefined {
  if (now === null || before === null || before === 0) return undefined
  return { kind: 'ratio', by: now / before - 1 }
}

/** The change of a share. */
export function pointsOf(now: number | null, before: number | null): Change | undefined {
  if (now === null || before === null) return undefined
  return { kind: 'points', by: now - before }
}

const COUNT = new Intl.NumberFormat('en-GB')
const SHARE = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 })
const SIGNED_SHARE = new Intl.NumberFormat('en-GB', {
  style: 'percent',
  maximumFractionDigits: 0,
  signDisplay: 'exceptZero',
})
const SIGNED_POINTS = new Intl.NumberFormat('en-GB', {
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
})
const decimals = (digits: number) =>
  new Intl.NumberFormat('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
const WHOLE = decimals(0)
const TENTHS = decimals(1)
const HUNDREDTHS = decimals(2)

/** Stands for a figure that cannot be given. */
export const NONE = '–'

export function formatCount(value: number): string {
  return COUNT.format(value)
}

/** `99.4%`; a share below 1 is never rounded to 100 %. */
export function formatShare(value: number | null): string {
  if (value === null) return NONE
  return SHARE.format(value < 1 ? Math.min(value, 0.999) : 1)
}

/**
 * `< 0.1 ms`, `0.3 ms`, `2.0 ms`, `12 ms`, `1.20 s`, `12.4 s`: as many digits for 2 as for 2.4, so that figures
 * that follow each other do not jump.
 */
export function formatMs(value: number | null): string {
  if (value === null) return NONE
  if (value === 0) return '0 ms'
  if (value < 0.1) return '< 0.1 ms'
  if (value < 9.95) return `${TENTHS.format(value)} ms`
  return value < 999.5 ? `${WHOLE.format(value)} ms` : formatSeconds(value / 1000)
}

/** `1.20 s`, `12.4 s`, `120 s` */
export function formatSeconds(value: number): string {
  const format = value < 9.995 ? HUNDREDTHS : value < 99.95 ? TENTHS : WHOLE
  return `${format.format(value)} s`
}

/** A round time beside an axis: `0.01 ms`, `100 ms`, `1 s`. */
export function formatMsTick(value: number): string {
  return value < 1000 ? `${value} ms` : `${COUNT.format(value / 1000)} s`
}

/** `+12%`, `−0.4 points` */
export function formatChange({ kind, by }: Change): string {
  const text = kind === 'ratio' ? SIGNED_SHARE.format(by) : `${SIGNED_POINTS.format(by * 100)} points`
  return text.replace('-', '−')
}

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
