import type { Interval } from '#components/spans/span.ts'
import { timeWords } from '#components/spans/time-words.ts'
import type { TimeseriesPoint } from '#lib/usage/schema.ts'
import type { Series } from './charts/series.ts'
import type { ShownColumn } from './data-table.tsx'
import { formatCount, formatMs, formatShare } from './format-usage.ts'

type TimeColumn = ShownColumn<TimeseriesPoint>

/** The beginning of each point: on the screen in the reader's words, in the file as ISO in UTC. */
export function timeColumn(zone: string, interval: Interval): TimeColumn {
  const { bucket } = timeWords(zone)
  return { key: 'time', name: 'Time', value: ({ time }) => time, show: ({ time }) => bucket(time, interval) }
}

/** All uses, then those of each kind. */
export function usesColumns(series: readonly Series[], points: readonly TimeseriesPoint[]): TimeColumn[] {
  const places = new Map(points.map(({ time }, index) => [time, index]))
  return [
    counted('uses', 'Uses', ({ uses }) => uses),
    ...series.map(({ key, name, values }) =>
      counted(`series ${key}`, name, ({ time }) => values[places.get(time) ?? -1] ?? 0),
    ),
  ]
}

export const successColumns: TimeColumn[] = [
  counted('uses', 'Uses', ({ uses }) => uses),
  counted('failed', 'Failed', ({ failed }) => failed),
  {
    key: 'success',
    name: 'Success',
    value: ({ success_rate: rate }) => rate,
    show: ({ success_rate: rate }) => formatShare(rate),
    isNumber: true,
  },
]

export const timingColumns: TimeColumn[] = [
  timed('p50_ms', 'Median (ms)'),
  timed('p95_ms', '95th percentile (ms)'),
]

function counted(key: string, name: string, value: (row: TimeseriesPoint) => number): TimeColumn {
  return { key, name, value, show: (row) => formatCount(value(row)), isNumber: true }
}

function timed(key: 'p50_ms' | 'p95_ms', name: string): TimeColumn {
  return { key, name, value: (row) => row[key], show: (row) => formatMs(row[key]), isNumber: true }
}
