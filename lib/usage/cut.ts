import { appError, overLimit } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { zoneOf } from './rules.ts'
import type { INTERVALS, TimeseriesQuery } from './schema.ts'
import type { Span } from './span.ts'

type Interval = (typeof INTERVALS)[number]

/** How time is cut into points. */
export interface Cut {
  interval: Interval
  /** Whose days, weeks and months they are. Hours are those of UTC everywhere: uses are counted by them. */
  timezone: string
}

const DAY_MS = 86_400_000
const LENGTH_MS: Record<Interval, number> = {
  hour: DAY_MS / 24,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 28 * DAY_MS,
}

/**
 * How a query cuts a span into points; by days of UTC or what fits its length, unless it says otherwise.
 * @throws invalid_input for an unknown time zone; too_large past `limits.timeseries_points`
 */
export function cutOf(span: Span, asked: Pick<TimeseriesQuery, 'interval' | 'timezone'>): Cut {
  const interval = intervalOf(span, asked.interval)
  const timezone = assertTimezone(asked.timezone ?? 'UTC')
  // Where the clocks are half an hour off, points begin at half past: an hour of that clock is not known.
  return { interval, timezone: interval === 'hour' ? 'UTC' : timezone }
}

function intervalOf({ from, to }: Span, asked: Interval | undefined): Interval {
  const length = to.getTime() - from.getTime()
  const interval = asked ?? fitting(length / DAY_MS)
  const most = getRuntime().config.limits.timeseries_points
  if (length / LENGTH_MS[interval] <= most) return interval
  const said = `\`interval\` would make more than ${most} points: choose a longer one or a shorter span`
  throw overLimit('limits.timeseries_points', said, ['interval'])
}

function fitting(days: number): Interval {
  if (days <= 3) return 'hour'
  if (days <= 100) return 'day'
  return days <= 700 ? 'week' : 'month'
}

/** @returns the name that means the same to the database */
function assertTimezone(name: string): string {
  const zone = zoneOf(name)
  if (zone !== undefined) return zone
  const message = 'is no time zone; write it as Europe/Berlin'
  throw appError('invalid_input', `\`timezone\` ${message}.`, {
    details: [{ path: ['timezone'], code: 'unknown_timezone', message }],
  })
}
