import { addDays, dayIn, type Interval, startOfDay } from '#components/spans/span.ts'
import { type TimeWords, timeWords } from '#components/spans/time-words.ts'
import type { Note } from '#lib/notes/schema.ts'
import type { Timeseries, TimeseriesPoint, UsageMark } from '#lib/usage/schema.ts'
import { colorOf, type PlacedMark, type Series, type TimeLine, valueOfKey } from './charts/series.ts'
import { nameOfKey } from './names.ts'
import type { Split } from './usage-state.ts'

const HOUR_MS = 3_600_000
/** Figures are read anew each half minute. */
const JUST_NOW_MS = 120_000

/** The axis that the charts share: the points in words, and the events on it. */
export function timeLineOf(
  series: Pick<Timeseries, 'interval' | 'marks' | 'to'> & { points: readonly { time: string }[] },
  zone: string,
  notes: readonly Note[] = [],
): TimeLine {
  const words = timeWords(zone)
  const interval = asInterval(series.interval)
  const last = series.points.length - 1
  const isCut = isRunning(series.points[last]?.time, series.to, interval, zone)
  const starts = series.points.map(({ time }) => Date.parse(time))
  const marks: PlacedMark[] = []
  const happened: (string | undefined)[] = series.points.map(() => undefined)
  for (const mark of series.marks) {
    const place = placeOf(Date.parse(mark.time), starts, Date.parse(series.to))
    if (place === undefined) continue
    marks.push({ at: place / starts.length, kind: mark.kind })
    const point = Math.floor(place)
    happened[point] = [happened[point], nameOfMark(mark)].filter(Boolean).join(', ')
  }
  for (const { at, text } of notes) {
    const place = placeOf(noted(Date.parse(at), series.to), starts, Date.parse(series.to))
    if (place === undefined) continue
    marks.push({ at: place / starts.length, kind: 'note' })
    const point = Math.floor(place)
    happened[point] = [happened[point], text].filter(Boolean).join(', ')
  }
  return {
    names: series.points.map(
      ({ time }, index) => words.bucket(time, interval) + (index === last && isCut ? ', so far' : ''),
    ),
    ticks: series.points.map(({ time }, index) =>
      tickOf(time, series.points[index - 1]?.time, interval, words),
    ),
    marks,
    happened,
  }
}

export function asInterval(interval: Timeseries['interval']): Interval {
  return interval === 'month' ? 'week' : interval
}

/** Whether a span ends before its last point is over: what is counted there is less than it is going to be. */
function isRunning(time: string | undefined, to: string, interval: Interval, zone: string): boolean {
  if (time === undefined) return false
  if (interval === 'hour') return Date.parse(time) + HOUR_MS > Date.parse(to)
  const day = addDays(dayIn(new Date(time), zone), interval === 'day' ? 1 : 7)
  return startOfDay(day, zone) > Date.parse(to)
}

/** Of the first hour of a day its day; that may begin at half past midnight. */
function tickOf(time: string, before: string | undefined, interval: Interval, words: TimeWords): string {
  if (interval !== 'hour') return words.day(time)
  const isNewDay = before !== undefined && words.day(before) !== words.day(time)
  return isNewDay ? words.day(time) : words.hour(time)
}

/** When points begin, as a part of a file's name. */
export function fileTime({ from, interval }: Pick<Timeseries, 'from' | 'interval'>): string {
  return interval === 'hour' ? `${from.slice(0, 13)}h` : from.slice(0, 10)
}

/** A span up to now was read a moment ago: what was noted since stands at its end. */
function noted(moment: number, to: string): number {
  const end = Date.parse(to)
  return moment < end + JUST_NOW_MS ? Math.min(moment, end) : moment
}

/** Where a moment lies among the points: 3.5 is the middle of the fourth. */
function placeOf(moment: number, starts: readonly number[], end: number): number | undefined {
  const point = starts.findLastIndex((start) => start <= moment)
  const start = starts[point]
  if (start === undefined || moment > end) return undefined
  const length = lengthAt(point, starts, end)
  return point + Math.min(0.999, (moment - start) / length)
}

/** Length of a point in milliseconds; the last, not yet over, counts as long as the one before. */
function lengthAt(point: number, starts: readonly number[], end: number): number {
  const start = starts[point] ?? 0
  const next = starts[point + 1]
  if (next !== undefined) return next - start
  const before = starts[point - 1]
  return Math.max(1, before === undefined ? end - start : start - before)
}

/** `version 3 saved`, `production moved from v1 to v2` */
export function nameOfMark({ kind, version, label, previous_version: previous }: UsageMark): string {
  if (kind === 'version') return `version ${version ?? ''} saved`
  if (version === null) return `${label ?? 'label'} removed from v${previous ?? ''}`
  if (previous === null) return `${label ?? 'label'} set to v${version}`
  return `${label ?? 'label'} moved from v${previous} to v${version}`
}

/** Uses of each point, stacked as chosen. */
export function usesOf(series: Timeseries, split: Split, isOfPrompt: boolean): Series[] {
  const { points } = series
  if (split === 'operation')
    return OPERATIONS.map(({ key, name }, index) =>
      stacked(
        key,
        name,
        index,
        points.map((point) => point[key]),
      ),
    )
  if (series.keys.length === 0)
    return [
      stacked(
        'uses',
        'Uses',
        0,
        points.map(({ uses }) => uses),
      ),
    ]
  return series.keys.map((key, index) =>
    stacked(
      key,
      nameOfKey(key, split, isOfPrompt),
      index,
      points.map((point) => valueOfKey(point, key)),
    ),
  )
}

const OPERATIONS = [
  { key: 'renders', name: 'Renders' },
  { key: 'gets', name: 'Gets' },
  { key: 'tool_calls', name: 'Tool calls' },
] as const

function stacked(key: string, name: string, index: number, values: number[]): Series {
  return {
    key,
    name,
    color: colorOf(index, key),
    values,
    whole: values.reduce((sum, value) => sum + value, 0),
  }
}

/** A line of one figure. */
export function lineOf(
  points: readonly TimeseriesPoint[],
  figure: 'success_rate' | 'p50_ms' | 'p95_ms',
  given: Pick<Series, 'name' | 'color' | 'whole'> & { dash?: string },
): Series {
  return { key: figure, ...given, values: points.map((point) => point[figure]) }
}
