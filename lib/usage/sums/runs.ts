import { monthBefore } from '../months.ts'
import { DAY_MS } from '../recording/partitions.ts'
import { HOUR_MS } from './take-back.ts'

/** A third of a month of UTC begins on its 1st, 11th or 21st day. */
export type Unit = 'hour' | 'day' | 'third' | 'month'

/** Whole units of UTC between two times in milliseconds. */
export interface Run {
  unit: Unit
  from: number
  to: number
}

/** The end of the unit that begins at a time. */
export function endOf(unit: Unit, time: number): number {
  if (unit === 'hour') return time + HOUR_MS
  if (unit === 'day') return time + DAY_MS
  const date = new Date(time)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  return unit === 'third' && day < 21 ? Date.UTC(year, month, day + 10) : Date.UTC(year, month + 1, 1)
}

/** The start of the third that a time is in. */
export function thirdBefore(time: number): number {
  const day = new Date(time).getUTCDate()
  return monthBefore(time) + 10 * DAY_MS * Math.min(2, Math.floor((day - 1) / 10))
}

/** Whether a month or a third begins at a time. */
const begins = (unit: 'third' | 'month', time: number) =>
  (unit === 'month' ? monthBefore(time) : thirdBefore(time)) === time

/**
 * Cuts whole days into the longest units that are summed up.
 * @param longer units, the longest first, and up to where they are summed up
 */
export function runsBetween(
  from: number,
  to: number,
  longer: readonly { unit: 'third' | 'month'; until: number }[],
): Run[] {
  const runs: Run[] = []
  for (let start = from; start < to; ) {
    const fits = longer.find(
      ({ unit, until }) => begins(unit, start) && endOf(unit, start) <= Math.min(to, until),
    )
    const unit = fits?.unit ?? 'day'
    const end = endOf(unit, start)
    const last = runs.at(-1)
    if (last?.unit === unit) last.to = end
    else runs.push({ unit, from: start, to: end })
    start = end
  }
  return runs
}
