import { type Comparison, comparedTime } from '#components/spans/span.ts'
import { timeWords } from '#components/spans/time-words.ts'
import type { Timeseries } from '#lib/usage/schema.ts'
import type { Series } from './charts/series.ts'
import type { ShownColumn } from './data-table.tsx'
import { asInterval } from './time-lines.ts'

interface Timed {
  time: string
}

/** Points one after another. */
interface Points<Point extends Timed> extends Pick<Timeseries, 'from' | 'to' | 'interval'> {
  points: readonly Point[]
}

/** A span that another is compared with. */
export interface Compared<Point extends Timed> {
  with: Comparison
  series: Points<Point>
}

/** Points below those of the span that is shown, in their order, with their times in words; none without a comparison. */
export type ComparedPoints<Point extends Timed> = readonly ({ point: Point; name: string } | undefined)[]

/**
 * The points that stand below those of a span: hours at the same time of the clocks, which may have changed in
 * between, days and weeks by their number.
 */
export function comparedPoints<Point extends Timed>(
  series: Points<Point>,
  compared: Compared<Point> | undefined,
  zone: string,
): ComparedPoints<Point> {
  if (compared === undefined) return []
  const interval = asInterval(series.interval)
  const { bucket } = timeWords(zone)
  const named = (point: Point | undefined) => point && { point, name: bucket(point.time, interval) }
  if (interval !== 'hour') return series.points.map((_, place) => named(compared.series.points[place]))
  const back = comparedTime({ ...series, interval }, compared.with, zone)
  const byTime = new Map(compared.series.points.map((point) => [Date.parse(point.time), point]))
  return series.points.map(({ time }) => named(byTime.get(back(Date.parse(time)))))
}

/** A figure of the compared points as a line. */
export function comparedSeries<Point extends Timed>(
  points: ComparedPoints<Point>,
  valueOf: (point: Point) => number | null,
  given: Pick<Series, 'name' | 'whole'> & { dash: string },
): Series[] {
  if (points.length === 0) return []
  return [
    {
      key: 'compared',
      color: 'var(--ink-faint)',
      values: points.map((each) => each && valueOf(each.point)).map((value) => value ?? null),
      times: points.map((each) => each?.name),
      ...given,
    },
  ]
}

/** When the compared points were, and a figure of them, beside the points of a table. */
export function comparedColumns<Point extends Timed>(
  compared: ComparedPoints<Point>,
  points: readonly Point[],
  figure: { name: string; value: (point: Point) => number | null; show: (value: number | null) => string },
): ShownColumn<Point>[] {
  if (compared.length === 0) return []
  const below = new Map(points.map(({ time }, place) => [time, compared[place]]))
  const valueAt = ({ time }: Point) => {
    const point = below.get(time)?.point
    return point === undefined ? null : figure.value(point)
  }
  return [
    {
      key: 'time_before',
      name: 'Time before',
      value: ({ time }) => below.get(time)?.point.time ?? null,
      show: ({ time }) => below.get(time)?.name,
    },
    {
      key: 'value_before',
      name: figure.name,
      value: valueAt,
      show: (point) => figure.show(valueAt(point)),
      isNumber: true,
    },
  ]
}
