import type { Change } from './change.ts'
import type { Interval } from './span.ts'

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
const TWO_DIGITS = new Intl.NumberFormat('en-GB', {
  maximumSignificantDigits: 3,
  maximumFractionDigits: 1,
  roundingPriority: 'lessPrecision',
})
const THREE_DIGITS = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 })

/** Stands for a figure that cannot be given. */
export const NONE = '–'

export function formatCount(value: number): string {
  return COUNT.format(value)
}

/** `99.4%`; what is not quite all is not called 100 %. */
export function formatShare(value: number | null): string {
  if (value === null) return NONE
  return SHARE.format(value < 1 ? Math.min(value, 0.999) : 1)
}

/** `< 0.1 ms`, `0.3 ms`, `12 ms`, `1.2 s`: two digits tell enough. */
export function formatMs(value: number | null): string {
  if (value === null) return NONE
  if (value > 0 && value < 0.1) return '< 0.1 ms'
  return value < 1000 ? `${TWO_DIGITS.format(value)} ms` : `${THREE_DIGITS.format(value / 1000)} s`
}

/** `+12%`, `−0.4 points` */
export function formatChange({ kind, by }: Change): string {
  const text = kind === 'ratio' ? SIGNED_SHARE.format(by) : `${SIGNED_POINTS.format(by * 100)} points`
  return text.replace('-', '−')
}

/** Times as the reader's clock shows them. */
export interface TimeWords {
  /** `24 Nov` */
  day: (iso: string) => string
  /** `14:00` */
  hour: (iso: string) => string
  /** `Tue 24 Nov 2026`, `Tue 24 Nov 2026, 14:00`, `Week of Mon 23 Nov 2026` */
  bucket: (iso: string, interval: Interval) => string
  /** `24 Nov 2026, 14:05` */
  moment: (iso: string) => string
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
  const words: TimeWords = {
    day,
    hour,
    moment,
    bucket: (iso, interval) =>
      interval === 'hour'
        ? `${longDay(iso)}, ${hour(iso)}`
        : interval === 'week'
          ? `Week of ${longDay(iso)}`
          : longDay(iso),
  }
  known.set(zone, words)
  return words
}
