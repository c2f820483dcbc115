import type { Spending, SpendingQuota } from '#lib/usage/spending-schema.ts'

const DAY_MS = 86_400_000

/** A day of the month, with what was used up to its end; null: not known, or not so far yet. */
export interface QuotaDay {
  /** Its beginning, UTC. */
  time: string
  used: number | null
  /** From today on. */
  expected: number | null
  limit: number
}

/** When the month began in which quotas count, UTC. */
export function monthStart(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
}

/**
 * How a quota is used up over its month, and how it is expected to go on.
 * @param points days of UTC since the month began. What a quota counts besides (tests of the configuration, calls
 *   under way) has no day: it is added today.
 */
export function quotaMonth(
  { quota, limit, used, expected }: SpendingQuota,
  points: readonly Pick<Spending['points'][number], 'time' | 'cost' | 'tokens'>[],
  now: Date,
): QuotaDay[] {
  const start = monthStart(now)
  const count = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 0)).getUTCDate()
  const today = now.getUTCDate() - 1
  const byDay = new Map(
    points.map((point) => [Math.floor((Date.parse(point.time) - start.getTime()) / DAY_MS), point[quota]]),
  )
  let sum = 0
  return Array.from({ length: count }, (_, day) => {
    sum += byDay.get(day) ?? 0
    const left = count - 1 - today
    const way = left === 0 ? 1 : (day - today) / left
    return {
      time: new Date(start.getTime() + day * DAY_MS).toISOString(),
      used: day > today ? null : day === today ? Math.max(used, sum) : Math.min(used, sum),
      expected: day < today || expected === null ? null : used + (Math.max(expected, used) - used) * way,
      limit,
    }
  })
}
