import { dayIn, type SpanChoice } from './span.ts'

/**
 * The days of some points that were dragged over, as the address keeps them: both included.
 * @param from, to numbers of the first and the last point
 */
export function zoomed(
  { points, to: end }: { points: readonly { time: string }[]; to: string },
  zone: string,
  from: number,
  to: number,
): SpanChoice {
  const start = points[from]?.time ?? end
  const after = points[to + 1]?.time ?? end
  const last = new Date(Math.max(Date.parse(start), Date.parse(after) - 1))
  return { range: null, from: dayIn(new Date(start), zone), to: dayIn(last, zone) }
}
