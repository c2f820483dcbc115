import type { Course, Expected } from '../spending-schema.ts'

/*
 * What a month will have cost at its end. Spending has a week's rhythm, so each day that is left is taken to be like
 * the same weekday of the last four weeks; with less than four weeks known, like the mean of what is. Days and months
 * are those of UTC, as quotas have them.
 */

const DAY_MS = 86_400_000
const WEEK = 7
/** Whole days that a forecast looks back. */
export const LOOK_BACK = 28
/** Fewer whole days tell nothing. */
const LEAST_DAYS = 7
/** Four of five values of a normal distribution lie within so many standard deviations. */
const WITHIN = 1.2816

/** Sums of days by their start in milliseconds; a day without any is left out. */
export type Days = ReadonlyMap<number, number>

/** How days that are to come look. */
export interface Outlook {
  method: 'weekdays' | 'days'
  /** Whole days that it is made from. */
  days: number
  /** By weekday, as Date has them. */
  means: number[]
  /** Standard deviation of a day from what it was expected to be. */
  deviation: number
}

/** @returns undefined when too little is known */
export function outlook(sums: Days, now: Date, known: number): Outlook | undefined {
  const days = Math.min(known, LOOK_BACK)
  if (days < LEAST_DAYS) return undefined
  const today = startOfDay(now)
  const past = Array.from({ length: days }, (_, n) => {
    const time = today - (n + 1) * DAY_MS
    return { weekday: new Date(time).getUTCDay(), sum: sums.get(time) ?? 0 }
  })
  const isWeekly = days === LOOK_BACK
  const all = mean(past.map(({ sum }) => sum))
  const means = Array.from({ length: WEEK }, (_, weekday) =>
    isWeekly ? mean(past.filter((each) => each.weekday === weekday).map(({ sum }) => sum)) : all,
  )
  const squares = past.map(({ weekday, sum }) => (sum - (means[weekday] ?? 0)) ** 2)
  const free = days - (isWeekly ? WEEK : 1)
  const deviation = Math.sqrt(squares.reduce((sum, each) => sum + each, 0) / free)
  return { method: isWeekly ? 'weekdays' : 'days', days, means, deviation }
}

/** Whole days since the first one of the last four weeks that has something. */
export function knownDays(sums: Days, now: Date): number {
  const today = startOfDay(now)
  const past = [...sums].filter(
    ([time, sum]) => time < today && time >= today - LOOK_BACK * DAY_MS && sum > 0,
  )
  if (past.length === 0) return 0
  return Math.round((today - Math.min(...past.map(([time]) => time))) / DAY_MS)
}

/** What the month that runs will have come to at its end. */
export function expectedOf(sums: Days, now: Date, view: Outlook): Expected {
  const { means, deviation } = view
  const month = startOfMonth(now)
  const spent = [...sums].reduce((sum, [time, value]) => sum + (time >= month ? value : 0), 0)
  const left = daysLeft(now)
  const rest = left.reduce((sum, { weekday, part }) => sum + (means[weekday] ?? 0) * part, 0)
  const length = left.reduce((sum, { part }) => sum + part, 0)
  const spread = WITHIN * deviation * Math.sqrt(length)
  const expected = spent + rest
  const low = Math.max(spent, expected - spread)
  return { spent, expected, low, high: expected + spread, course: courseOf(sums, spent, now, view) }
}

/**
 * How the sum of the month that runs grows, day by day.
 * @param spent since the month began; more than the sums of its days say stands before the first
 */
export function courseOf(sums: Days, spent: number, now: Date, view: Outlook | undefined): Course {
  const today = startOfDay(now)
  const course: Course = []
  let sum = spent
  for (let time = today; time >= startOfMonth(now); time -= DAY_MS) {
    course.unshift({ time: new Date(time).toISOString(), sum: Math.max(0, sum), is_expected: false })
    sum -= sums.get(time) ?? 0
  }
  if (view === undefined) return course
  sum = spent
  for (const [n, { weekday, part }] of daysLeft(now).entries()) {
    sum += (view.means[weekday] ?? 0) * part
    // The first one is the rest of today, which stands there as it is.
    if (n > 0) course.push({ time: new Date(today + n * DAY_MS).toISOString(), sum, is_expected: true })
  }
  return course
}

/** When something that grows as expected reaches a limit this month; null: it does not. */
export function reachedAt(used: number, limit: number, now: Date, view: Outlook | undefined): Date | null {
  if (used >= limit) return now
  if (view === undefined) return null
  let sum = used
  let time = now.getTime()
  for (const { weekday, part } of daysLeft(now)) {
    const grows = (view.means[weekday] ?? 0) * part
    if (grows > 0 && sum + grows >= limit) return new Date(time + ((limit - sum) / grows) * part * DAY_MS)
    sum += grows
    time += part * DAY_MS
  }
  return null
}

/** The rest of today and the days after it, until the month ends. */
function daysLeft(now: Date): { weekday: number; part: number }[] {
  const end = endOfMonth(now)
  const days: { weekday: number; part: number }[] = []
  for (let time = now.getTime(); time < end; ) {
    const next = startOfDay(new Date(time)) + DAY_MS
    days.push({ weekday: new Date(time).getUTCDay(), part: (next - time) / DAY_MS })
    time = next
  }
  return days
}

function startOfDay(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS) * DAY_MS
}

export function startOfMonth(time: Date): number {
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 1)
}

export function endOfMonth(time: Date): number {
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 1)
}

/** Where the days begin that a forecast needs: four weeks ago, or with the month. */
export function lookBackFrom(now: Date): Date {
  return new Date(Math.min(startOfDay(now) - LOOK_BACK * DAY_MS, startOfMonth(now)))
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
