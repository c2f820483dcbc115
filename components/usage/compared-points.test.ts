import { expect, test } from 'vitest'
import { type Comparison, comparedSpan, type Span, spanOf } from '#components/spans/span.ts'
import type { Timeseries, TimeseriesPoint } from '#lib/usage/schema.ts'
import { comparedColumns, comparedPoints, comparedSeries } from './compared-points.ts'

const NOW = new Date('2026-11-24T13:37:21Z')
const HOUR_MS = 3_600_000
const BERLIN = 'Europe/Berlin'

/** Each point has as many uses as its number. */
function series({ from, to, interval }: Span, times: readonly number[]): Timeseries {
  const points = times.map(
    (time, uses) =>
      ({ time: new Date(time).toISOString(), uses, success_rate: 1, p95_ms: 2 }) as TimeseriesPoint,
  )
  return { from, to, interval, timezone: BERLIN, keys: [], marks: [], points }
}

const hours = ({ from, to }: Span) =>
  Array.from(
    { length: Math.ceil((Date.parse(to) - Date.parse(from)) / HOUR_MS) },
    (_, n) => Date.parse(from) + n * HOUR_MS,
  )

function usageOf(span: Span, comparison: Comparison, timesOf: (span: Span) => readonly number[]) {
  const before = comparedSpan(span, comparison, BERLIN)
  const shown = series(span, timesOf(span))
  const compared = { with: comparison, series: series(before, timesOf(before)) }
  return { shown, below: comparedPoints(shown, compared, BERLIN) }
}

const day = (text: string) => spanOf({ range: null, from: text, to: text }, BERLIN, NOW)

test('hours stand above the same hours of the clocks, also where one was left out or came twice', () => {
  const { below } = usageOf(day('2026-10-25'), 'weekdays', hours)
  expect(below).toHaveLength(25)
  const clock = (name: string | undefined) => name?.replace(/^.*2026, /, '').slice(0, 5)
  // 00:00, 01:00, 02:00 in summer time, 02:00 in winter time, 03:00
  expect(below.slice(0, 5).map((each) => clock(each?.name))).toEqual([
    '00:00',
    '01:00',
    '02:00',
    '02:00',
    '03:00',
  ])
  expect(clock(below.at(-1)?.name)).toBe('23:00')
  const { below: short } = usageOf(day('2026-03-29'), 'weekdays', hours)
  expect(short.map((each) => clock(each?.name)).slice(0, 4)).toEqual(['00:00', '01:00', '03:00', '04:00'])
})

test('days stand above each other by their number, each named with its own date, in the table as well', () => {
  const span = spanOf({ range: '30d', from: null, to: null }, BERLIN, NOW)
  const days = ({ from }: Span) => Array.from({ length: 30 }, (_, n) => Date.parse(from) + n * 24 * HOUR_MS)
  const { shown, below } = usageOf(span, 'weekdays', days)
  const [first] = shown.points
  expect(below[0]?.name).toMatch(/^Mon, 21 Sept? 2026$/)
  const [line] = comparedSeries(below, ({ uses }) => uses, { name: 'Before', whole: 1, dash: '4 3' })
  expect(line?.values.slice(0, 3)).toEqual([0, 1, 2])
  expect(line?.times?.[0]).toBe(below[0]?.name)
  const columns = comparedColumns(below, shown.points, {
    name: 'Uses before',
    value: ({ uses }) => uses,
    show: String,
  })
  expect(columns.map(({ name }) => name)).toEqual(['Time before', 'Uses before'])
  expect(columns.map(({ value }) => first && value(first))).toEqual([below[0]?.point.time, 0])
})

test('without a comparison there is nothing below', () => {
  const { shown } = usageOf(day('2026-11-20'), 'before', hours)
  expect(comparedPoints(shown, undefined, BERLIN)).toEqual([])
  expect(comparedSeries([], () => 1, { name: 'Before', whole: 0, dash: '4 3' })).toEqual([])
})
