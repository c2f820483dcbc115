import {
  addDays,
  countDays,
  customDays,
  customEnds,
  dayIn,
  daysBetween,
  intervalOf,
  isDay,
  MAX_DAYS,
  nextHour,
  type Range,
  type SpanChoice,
  startOfDay,
} from './span.ts'
import { minuteText } from './span-parsers.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** Addresses begin with this century. */
const FIRST_DAY = '2000-01-01'

/** A span as it is shown. */
interface Shown {
  from: string
  to: string
}

/** What is chosen, with the zone of the clocks where hours are: whoever gets the address sees the same. */
type Zoom = SpanChoice & { tz?: string }

/** What a choice keeps. */
interface Kept {
  zone: string
  range: Range | null
}

/** Points of time one after another. */
interface Points extends Shown {
  points: readonly { time: string }[]
  interval: string
}

/**
 * The days, or hours, of some points that were chosen, as the address keeps them. The range stays: it is what one
 * comes back to.
 * @param from, to numbers of the first and the last point
 */
export function zoomed(
  { points, to: end, interval }: Points,
  { zone, range }: Kept,
  from: number,
  to: number,
): Zoom {
  const start = Date.parse(points[from]?.time ?? end)
  const after = Date.parse(points[to + 1]?.time ?? end)
  return interval === 'hour'
    ? times(start, nextHour(after), { zone, range })
    : days(start, after, { zone, range })
}

/** Points by the hour can be narrowed down to one of them: uses are counted by whole hours. */
export function canZoom({ points, interval }: Pick<Points, 'points' | 'interval'>): boolean {
  return interval !== 'hour' || points.length > 1
}

function times(from: number, to: number, { zone, range }: Kept): Zoom {
  return { range, from: minuteText(from), to: minuteText(to), tz: zone }
}

/** All days between two times. */
function days(from: number, to: number, { zone, range }: Kept): Zoom {
  const last = Math.max(from, to - 1)
  return { range, from: dayIn(new Date(from), zone), to: dayIn(new Date(last), zone) }
}

/** What is around a span. */
interface Around {
  zone: string
  choice: SpanChoice
  now: number
}

/** Twice as long around the same middle, as far as there is a past; undefined: it is as long as can be shown. */
export function zoomedOut(shown: Shown, { zone, choice, now }: Around): Zoom | undefined {
  const { from, to, unit } = wholeUnits(shown, choice)
  const length = 2 * (to - from)
  if (length > (MAX_DAYS - 1) * DAY_MS) return undefined
  const end = Math.min(ceilTo(unit, now), ceilTo(unit, to + length / 4))
  const start = end - length
  return (intervalOf(length) === 'hour' ? times : days)(start, end, { zone, range: choice.range })
}

/** As long as a span, just before or after it; undefined: that is still to come. */
export function moved(shown: Shown, { zone, choice, now }: Around, direction: -1 | 1): Zoom | undefined {
  const { range } = choice
  const isOfTimes = choice.from === null ? range === '24h' : !isDay(choice.from)
  if (isOfTimes) {
    const { from, to } = wholeUnits(shown, choice)
    const by = direction * (to - from)
    return from + by >= now ? undefined : times(from + by, to + by, { zone, range })
  }
  const from = Date.parse(shown.from)
  // Days that are still to come are shown up to now.
  const ends = customDays(choice)
  const count =
    ends === undefined ? countDays(from, Date.parse(shown.to), zone) : daysBetween(ends.from, ends.to) + 1
  const first = addDays(dayIn(new Date(from), zone), direction * count)
  if (startOfDay(first, zone) >= now || first < FIRST_DAY) return undefined
  return { range, from: first, to: addDays(first, count - 1) }
}

/** A span in hours, or in minutes where it was chosen by the minute; times that were chosen are not cut by the clock. */
function wholeUnits(shown: Shown, choice: SpanChoice): { from: number; to: number; unit: number } {
  const ends = customEnds(choice)
  const isOfTimes = ends !== undefined && !isDay(ends.from)
  const [from, to] = isOfTimes
    ? [Date.parse(ends.from), Date.parse(ends.to)]
    : [Date.parse(shown.from), nextHour(Date.parse(shown.to))]
  const isExact = from % HOUR_MS !== 0 || to % HOUR_MS !== 0
  return { from, to, unit: isExact ? MINUTE_MS : HOUR_MS }
}

const ceilTo = (unit: number, time: number) => Math.ceil(time / unit) * unit
