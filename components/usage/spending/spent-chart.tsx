import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { formatCost } from '#components/generations/format-generation.ts'
import type { Interval } from '#components/spans/span.ts'
import { timeWords } from '#components/spans/time-words.ts'
import { canZoom, zoomed } from '#components/spans/zoom.ts'
import type { Stats } from '#lib/usage/schema.ts'
import type { Spending } from '#lib/usage/spending-schema.ts'
import { scaleTo } from '../charts/scale.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import { comparedColumns, comparedPoints, comparedSeries } from '../compared-points.ts'
import type { ShownColumn } from '../data-table.tsx'
import { formatCount } from '../format-usage.ts'
import { notesQuery } from '../notes/notes-query.ts'
import { asInterval, fileTime, timeLineOf } from '../time-lines.ts'
import type { ChangeUsage, Measure, UsageState } from '../usage-state.ts'
import { type SpendingRead, seriesOf } from './spending-query.ts'

export const MEASURE_NAMES: Record<Measure, string> = { cost: 'Cost', tokens: 'Tokens' }

const FORMATS: Record<Measure, (value: number | null) => string> = {
  cost: (value) => formatCost(value ?? 0),
  tokens: (value) => formatCount(value ?? 0),
}

type Point = Spending['points'][number]

/** What each point came to, as a table. */
function pointColumns(zone: string, interval: Interval): ShownColumn<Point>[] {
  const { bucket } = timeWords(zone)
  return [
    { key: 'time', name: 'Time', value: ({ time }) => time, show: ({ time }) => bucket(time, interval) },
    {
      key: 'cost',
      name: 'Cost',
      value: ({ cost }) => cost,
      show: ({ cost }) => formatCost(cost),
      isNumber: true,
    },
    { key: 'tokens', name: 'Tokens', value: ({ tokens }) => tokens, isNumber: true },
    { key: 'generations', name: 'Generations', value: ({ generations }) => generations, isNumber: true },
  ]
}

/** Cost or tokens over time, split as chosen, with releases and notes on the line. */
export function SpentChart({
  read,
  stats,
  state,
  zone,
  page,
  onChange,
}: {
  read: SpendingRead
  /** The span that is shown, and what happened in it to a prompt. */
  stats: Pick<Stats, 'from' | 'to' | 'marks'>
  state: Pick<UsageState, 'range' | 'prompt'>
  zone: string
  page: string | undefined
  onChange: ChangeUsage
}) {
  const [at, move] = useState<number | null>(null)
  const { spending, compared } = read
  const { points } = spending
  const measure = spending.measure === 'tokens' ? 'tokens' : 'cost'
  const format = FORMATS[measure]
  const notes = useQuery(notesQuery(stats, page ?? state.prompt)).data
  const { marks } = stats
  const series = useMemo(() => seriesOf(spending), [spending])
  const line = useMemo(() => timeLineOf({ ...spending, marks }, zone, notes), [spending, marks, zone, notes])
  const before = useMemo(() => comparedPoints(spending, compared, zone), [spending, compared, zone])
  const whole = compared?.totals[measure] ?? null
  const over = useMemo(
    () => comparedSeries(before, (point) => point[measure], { name: 'Before', whole, dash: '4 3' }),
    [before, measure, whole],
  )
  const most = [...points, ...(compared?.series.points ?? [])].map((point) => point[measure])
  return (
    <TimeChart
      title={MEASURE_NAMES[measure]}
      kind="bars"
      line={line}
      cursor={{ at, move }}
      series={series}
      over={over}
      scale={scaleTo(Math.max(0, ...most), { whole: measure === 'tokens' })}
      format={format}
      onZoom={
        canZoom(spending)
          ? (from, to) => onChange(zoomed(spending, { zone, range: state.range }, from, to))
          : undefined
      }
      rows={points}
      rowKey={({ time }) => time}
      columns={[
        ...pointColumns(zone, asInterval(spending.interval)),
        ...comparedColumns(before, points, {
          name: `${MEASURE_NAMES[measure]} before`,
          value: (point) => point[measure],
          show: format,
        }),
      ]}
      fileName={`${page ?? 'usage'}-${measure}-${fileTime(spending)}`}
    />
  )
}
