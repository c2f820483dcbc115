'use client'

import { useMemo, useState } from 'react'
import { Select } from '#components/ui/overlays/select.tsx'
import { scaleOfShares, scaleOfTimes, scaleTo } from './charts/scale.ts'
import type { Series } from './charts/series.ts'
import { TimeChart } from './charts/time-chart.tsx'
import { formatCount, formatMs, formatMsTick, formatShare } from './format-usage.ts'
import { SPLIT_NAMES } from './names.ts'
import type { Usage } from './queries.ts'
import { successColumns, timeColumn, timingColumns, usesColumns } from './time-columns.ts'
import { asInterval, lineOf, timeLineOf, usesOf } from './time-lines.ts'
import { type ChangeUsage, SPLITS, type Split } from './usage-state.ts'

interface TimelineProps {
  usage: Usage
  zone: string
  split: Split
  onChange: ChangeUsage
  /** The prompt whose own page this is. */
  page: string | undefined
}

/** Uses, success and time taken, one under the other over the same points; a point is looked at in all. */
export function Timeline({ usage, zone, split, onChange, page }: TimelineProps) {
  const [at, move] = useState<number | null>(null)
  const cursor = { at, move }
  const { series } = usage
  const { points } = series
  const { line, uses, lines, scales } = useDrawn(usage, zone, split, page !== undefined)
  const time = timeColumn(zone, asInterval(series.interval))
  const table = { line, cursor, rows: points, rowKey: (row: (typeof points)[number]) => row.time }
  const file = (what: string) => `${page ?? 'usage'}-${what}-${series.from.slice(0, 10)}.csv`
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
            scale={scales.uses}
            format={(value) => formatCount(value ?? 0)}
            columns={[time, ...usesColumns(uses, points)]}
            fileName={file('uses')}
          >
            <SplitSelect split={split} onChange={onChange} page={page} />
          </TimeChart>
        </div>
        <TimeChart
          {...table}
          title="Success"
          kind="lines"
          series={lines.success}
          scale={scales.success}
          format={formatShare}
          columns={[time, ...successColumns]}
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
          columns={[time, ...timingColumns]}
          fileName={file('time-taken')}
        />
      </div>
    </section>
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

/** The series and scales of the charts, memoized. */
function useDrawn({ stats, series }: Usage, zone: string, split: Split, isOfPrompt: boolean) {
  const line = useMemo(() => timeLineOf(series, zone), [series, zone])
  const uses = useMemo(() => usesOf(series, split, isOfPrompt), [series, split, isOfPrompt])
  const lines = useMemo(() => linesOf({ stats, series }), [stats, series])
  const scales = useMemo(() => scalesOf(series.points), [series])
  return { line, uses, lines, scales }
}

function scalesOf(points: Usage['series']['points']) {
  return {
    uses: scaleTo(Math.max(0, ...points.map((point) => point.uses)), { whole: true }),
    success: scaleOfShares(points.map((point) => point.success_rate)),
    times: scaleOfTimes(points.flatMap((point) => [point.p50_ms, point.p95_ms])),
  }
}

function linesOf({ stats: { totals }, series: { points } }: Usage): { success: Series[]; times: Series[] } {
  return {
    success: [
      lineOf(points, 'success_rate', {
        name: 'Success',
        color: 'var(--series-3)',
        whole: totals.success_rate,
      }),
    ],
    times: [
      lineOf(points, 'p95_ms', {
        name: '95th percentile',
        color: 'var(--series-2)',
        dash: '4 3',
        whole: totals.p95_ms,
      }),
      lineOf(points, 'p50_ms', { name: 'Median', color: 'var(--series-1)', whole: totals.p50_ms }),
    ],
  }
}
