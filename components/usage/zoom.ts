import { hourText } from '#components/shell/address-parsers.ts'
import {
  addDays,
  countDays,
  customDays,
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
  return (interval === 'hour' ? hours : days)(start, after, { zone, range })
}

/** Points by the hour can be narrowed down to one of them: uses are counted by whole hours. */
export function canZoom({ points, interval }: Pick<Points, 'points' | 'interval'>): boolean {
  return interval !== 'hour' || points.length > 1
}

function hours(from: number, to: number, { zone, range }: Kept): Zoom {
  return { range, from: hourText(from), to: hourText(nextHour(to)), tz: zone }
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
export function zoomedOut(shown: Shown, { zone, choice: { range }, now }: Around): Zoom | undefined {
  const [from, to] = [Date.parse(shown.from), nextHour(Date.parse(shown.to))]
  const length = 2 * (to - from)
  if (length > (MAX_DAYS - 1) * DAY_MS) return undefined
  const end = Math.min(nextHour(now), nextHour(to + length / 4))
  const start = end - length
  return (intervalOf(length) === 'hour' ? hours : days)(start, end, { zone, range })
}

/** As long as a span, just before or after it; undefined: that is still to come. */
export function moved(shown: Shown, { zone, choice, now }: Around, direction: -1 | 1): Zoom | undefined {
  const [from, to] = [Date.parse(shown.from), nextHour(Date.parse(shown.to))]
  const { range } = choice
  const isOfHours = choice.from === null ? range === '24h' : !isDay(choice.from)
  if (isOfHours) {
    const by = direction * (to - from)
    return from + by >= now ? undefined : hours(from + by, to + by, { zone, range })
  }
  // Days that are still to come are shown up to now.
  const ends = customDays(choice)
  const count =
    ends === undefined ? countDays(from, Date.parse(shown.to), zone) : daysBetween(ends.from, ends.to) + 1
  const first = addDays(dayIn(new Date(from), zone), direction * count)
  if (startOfDay(first, zone) >= now || first < FIRST_DAY) return undefined
  return { range, from: first, to: addDays(first, count - 1) }
}
