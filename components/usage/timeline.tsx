'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Range } from '#components/spans/span.ts'
import { canZoom, zoomed } from '#components/spans/zoom.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import type { Note } from '#lib/notes/schema.ts'
import { scaleOfShares, scaleOfTimes, scaleTo } from './charts/scale.ts'
import type { Series } from './charts/series.ts'
import { TimeChart, type TimeChartProps } from './charts/time-chart.tsx'
import { type ComparedPoints, comparedColumns, comparedPoints, comparedSeries } from './compared-points.ts'
import { formatCount, formatMs, formatMsTick, formatShare } from './format-usage.ts'
import { SPLIT_NAMES } from './names.ts'
import { notesQuery } from './notes/notes-query.ts'
import type { Usage } from './queries.ts'
import { successColumns, timeColumn, timingColumns, usesColumns } from './time-columns.ts'
import { asInterval, fileTime, lineOf, timeLineOf, usesOf } from './time-lines.ts'
import { type ChangeUsage, SPLITS, type Split } from './usage-state.ts'

interface TimelineProps {
  usage: Usage
  zone: string
  range: Range | null
  split: Split
  onChange: ChangeUsage
  /** The prompt whose own page this is. */
  page: string | undefined
  /** The prompt that is chosen, here or by the page. */
  prompt: string | null
}

/** Uses, success and time taken, one under the other over the same points; a point is looked at in all. */
export function Timeline({ usage, zone, range, split, onChange, page, prompt }: TimelineProps) {
  const [at, move] = useState<number | null>(null)
  const cursor = { at, move }
  const { series } = usage
  const { points } = series
  const notes = useQuery(notesQuery(series, prompt)).data
  const drawn = useDrawn(usage, { zone, split, isOfPrompt: page !== undefined, notes })
  const { line, before, uses, over, scales } = drawn
  const onZoom = canZoom(series)
    ? (from: number, to: number) => onChange(zoomed(series, { zone, range }, from, to))
    : undefined
  const time = timeColumn(zone, asInterval(series.interval))
  const table = { line, cursor, onZoom, rows: points, rowKey: (row: (typeof points)[number]) => row.time }
  const file = (what: string) => `${page ?? 'usage'}-${what}-${fileTime(series)}`
  return (
    <section aria-labelledby="timeline-heading">
      <h2 id="timeline-heading" className="sr-only">
        Over time
      </h2>
      <div className="grid gap-x-12 gap-y-10 xl:grid-cols-2">
        <div className="min-w-0 xl:col-span-2">
          <TimeChart
            {...table}
            title="Uses"
            kind="bars"
            series={uses}
            over={over}
            scale={scales.uses}
            format={formatUses}
            columns={[
              time,
              ...usesColumns(uses, points),
              ...comparedColumns(before, points, {
                name: 'Uses before',
                value: ({ uses: count }) => count,
                show: formatUses,
              }),
            ]}
            fileName={file('uses')}
          >
            <SplitSelect split={split} onChange={onChange} page={page} />
          </TimeChart>
        </div>
        <LineCharts table={table} drawn={drawn} time={time} file={file} />
      </div>
    </section>
  )
}

const formatUses = (value: number | null) => formatCount(value ?? 0)

type Drawn = ReturnType<typeof useDrawn>
type Point = Usage['series']['points'][number]

/** Success and time taken, beside each other. */
function LineCharts({
  table,
  drawn: { lines, scales, before },
  time,
  file,
}: {
  drawn: Drawn
  table: Pick<TimeChartProps<Point>, 'line' | 'cursor' | 'onZoom' | 'rows' | 'rowKey'>
  time: ReturnType<typeof timeColumn>
  file: (what: string) => string
}) {
  return (
    <>
      <TimeChart
        {...table}
        title="Success"
        kind="lines"
        series={lines.success}
        scale={scales.success}
        format={formatShare}
        columns={[
          time,
          ...successColumns,
          ...comparedColumns(before, table.rows, {
            name: 'Success before',
            value: (point) => point.success_rate,
            show: formatShare,
          }),
        ]}
        fileName={file('success')}
      />
      <TimeChart
        {...table}
        title="Time taken"
        kind="lines"
        series={lines.times}
        scale={scales.times}
        format={formatMs}
        formatTick={formatMsTick}
        columns={[
          time,
          ...timingColumns,
          ...comparedColumns(before, table.rows, {
            name: '95th percentile before (ms)',
            value: (point) => point.p95_ms,
            show: formatMs,
          }),
        ]}
        fileName={file('time-taken')}
      />
    </>
  )
}

function SplitSelect({ split, onChange, page }: Pick<TimelineProps, 'split' | 'onChange' | 'page'>) {
  const splits = SPLITS.filter((each) => page === undefined || each !== 'prompt')
  return (
    <Select
      aria-label="Stack the uses"
      className="w-36"
      choices={splits.map((each) => ({ id: each, label: SPLIT_NAMES[each] }))}
      value={split}
      onChange={(chosen) => onChange({ by: chosen as Split })}
    />
  )
}

interface Drawing {
  zone: string
  split: Split
  isOfPrompt: boolean
  notes: readonly Note[] | undefined
}

/** The series and scales of the charts, memoized. */
function useDrawn(usage: Usage, { zone, split, isOfPrompt, notes }: Drawing) {
  const { series } = usage
  const line = useMemo(() => timeLineOf(series, zone, notes), [series, zone, notes])
  const uses = useMemo(() => usesOf(series, split, isOfPrompt), [series, split, isOfPrompt])
  const before = useMemo(() => comparedPoints(series, usage.compared, zone), [series, usage.compared, zone])
  const over = useMemo(() => usesBefore(usage, before), [usage, before])
  const lines = useMemo(() => linesOf(usage, before), [usage, before])
  const scales = useMemo(() => scalesOf(usage), [usage])
  return { line, before, uses, over, lines, scales }
}

/** All figures of one kind in both spans. */
function known({ series, compared }: Usage, figure: 'uses' | 'success_rate' | 'p50_ms' | 'p95_ms') {
  return [...series.points, ...(compared?.series.points ?? [])].map((point) => point[figure])
}

function scalesOf(usage: Usage) {
  return {
    uses: scaleTo(Math.max(0, ...known(usage, 'uses').map((uses) => uses ?? 0)), { whole: true }),
    success: scaleOfShares(known(usage, 'success_rate')),
    times: scaleOfTimes([...known(usage, 'p50_ms'), ...known(usage, 'p95_ms')]),
  }
}

/** Uses before, as a line over the bars. */
function usesBefore({ compared }: Usage, points: ComparedPoints<Point>): Series[] {
  return comparedSeries(points, ({ uses }) => uses, {
    name: 'Before',
    whole: compared?.totals.uses ?? 0,
    dash: '4 3',
  })
}

function linesOf(usage: Usage, compared: ComparedPoints<Point>): { success: Series[]; times: Series[] } {
  const { stats, series } = usage
  const { points } = series
  const { totals } = stats
  const before = usage.compared?.totals ?? stats.previous
  const line = (figure: Parameters<typeof lineOf>[1], name: string, color: string, dash?: string): Series =>
    lineOf(points, figure, { name, color, whole: totals[figure], ...(dash !== undefined && { dash }) })
  return {
    success: [
      line('success_rate', 'Success', 'var(--series-3)'),
      ...comparedSeries(compared, (point) => point.success_rate, {
        name: 'Before',
        whole: before.success_rate,
        dash: '4 3',
      }),
    ],
    times: [
      line('p95_ms', '95th percentile', 'var(--series-2)', '4 3'),
      line('p50_ms', 'Median', 'var(--series-1)'),
      ...comparedSeries(compared, (point) => point.p95_ms, {
        name: '95th percentile before',
        whole: before.p95_ms,
        dash: '1 4',
      }),
    ],
  }
}
