import type { StoredCondition } from '../stored-condition.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** The end of the hour that a moment is in; a whole hour ends the one before it. */
export function endOfHour(at: number): number {
  return Math.ceil(at / HOUR_MS) * HOUR_MS
}

/** How far apart the moments of the past are at which a condition is judged. */
export function paceOf({ kind }: Pick<StoredCondition, 'kind'>): number {
  return kind === 'unused' ? DAY_MS : HOUR_MS
}

/**
 * The moments at which a condition is judged after one moment and up to another: the end of each hour (of each day of
 * UTC, for unused prompts), and the last moment itself.
 */
export function momentsBetween(after: number, to: number, pace: number): number[] {
  const moments: number[] = []
  for (let at = (Math.floor(after / pace) + 1) * pace; at < to; at += pace) moments.push(at)
  moments.push(to)
  return moments
}
