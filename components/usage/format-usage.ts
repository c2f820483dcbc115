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
