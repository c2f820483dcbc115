/** Round steps for an axis: 1, 2 or 5 times a power of ten. */
function stepOf(span: number, count: number): number {
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const digit = rough / power
  return (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power
}

export interface Scale {
  low: number
  high: number
  /** Where lines and numbers stand, from low to high. */
  ticks: number[]
  /** Each step is so many times the one before, not so much more. */
  isLog?: boolean
}

/**
 * An axis from `low` that holds `max` and ends on a round number.
 * @param whole counts: no step below one
 */
export function scaleTo(max: number, { low = 0, whole = false, count = 4 } = {}): Scale {
  const least = max - low <= 0 ? 1 : Math.max(max - low, whole ? 1 : 0)
  const step = whole ? Math.max(1, stepOf(least, count)) : stepOf(least, count)
  const steps = Math.max(1, Math.ceil(least / step - 1e-9))
  // Multiplied out, not added up: sums of tenths drift.
  const ticks = Array.from({ length: steps + 1 }, (_, n) => Number((low + n * step).toPrecision(12)))
  return { low, high: ticks.at(-1) ?? low + step, ticks }
}

/** An axis of shares that ends at 100 % and begins low enough for the least, so that a dip can be seen. */
export function scaleOfShares(shares: readonly (number | null)[]): Scale {
  const least = Math.min(1, ...shares.filter((share) => share !== null))
  if (least >= 0.95) return { low: 0.95, high: 1, ticks: [0.95, 0.96, 0.97, 0.98, 0.99, 1] }
  if (least >= 0.8) return { low: 0.8, high: 1, ticks: [0.8, 0.85, 0.9, 0.95, 1] }
  if (least >= 0.5) return { low: 0.5, high: 1, ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1] }
  return { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] }
}

/** Less is drawn as this: nobody waits for less than the hundredth part of a millisecond. */
const LEAST_MS = 0.01
/** More powers of ten than so many are not all named. */
const MOST_POWERS = 5

/**
 * A logarithmic axis of times, between powers of ten: what takes a tenth of a millisecond can be read beside what
 * takes seconds.
 */
export function scaleOfTimes(times: readonly (number | null)[]): Scale {
  const known = times.flatMap((ms) => (ms === null ? [] : [Math.max(LEAST_MS, ms)]))
  // A hair is taken off, so that a power of ten is not passed by its rounding.
  const from = known.length === 0 ? 0 : Math.floor(Math.log10(Math.min(...known)) + 1e-9)
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(1, ...known)) - 1e-9))
  const step = Math.ceil((to - from) / MOST_POWERS)
  const count = Math.ceil((to - from) / step)
  const ticks = Array.from({ length: count + 1 }, (_, n) => Number(`1e${from + n * step}`))
  return { low: ticks[0] ?? 1, high: ticks.at(-1) ?? 10, ticks, isLog: true }
}

/** Height of a value on a scale, 0 to 1. */
export function heightOn({ low, high, isLog = false }: Scale, value: number): number {
  if (high === low) return 0
  const place = isLog
    ? Math.log(Math.max(low, value) / low) / Math.log(high / low)
    : (value - low) / (high - low)
  return Math.min(1, Math.max(0, place))
}

/** Which of `count` places get a name, at most `most`, evenly apart, so that the last one has one. */
export function namedPlaces(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most))
  const places: number[] = []
  for (let place = count - 1; place >= 0; place -= step) places.push(place)
  return places.toReversed()
}
