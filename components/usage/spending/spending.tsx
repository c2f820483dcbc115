'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { GenerationFilters } from '#components/generations/filters.ts'
import { formatCost } from '#components/generations/format-generation.ts'
import { FileLinks } from '#components/rows/file-links.tsx'
import type { Interval, Range } from '#components/spans/span.ts'
import { timeWords } from '#components/spans/time-words.ts'
import { canZoom, zoomed } from '#components/spans/zoom.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { DIMENSIONS, type Dimension } from '#lib/usage/rules.ts'
import type { Spending as Spent } from '#lib/usage/spending-schema.ts'
import { scaleTo } from '../charts/scale.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import { comparedColumns, comparedPoints, comparedSeries } from '../compared-points.ts'
import { DataTable, type ShownColumn, TableFiles } from '../data-table.tsx'
import { generationFilters } from '../figure-hrefs.ts'
import { formatCount } from '../format-usage.ts'
import { asInterval, fileTime, timeLineOf } from '../time-lines.ts'
import { type ChangeUsage, tableFileHref, type UsageState } from '../usage-state.ts'
import { Forecast } from './forecast.tsx'
import { spendingColumns, versionColumns } from './spending-columns.tsx'
import { SpendingUnread, Unpriced } from './spending-notes.tsx'
import { type SpendingRead, seriesOf, spendingQuery } from './spending-query.ts'

const DIMENSION_NAMES: Record<Dimension, string> = {
  prompt: 'by prompt',
  version: 'by version',
  label: 'by label',
  configuration: 'by configuration',
  model: 'by model',
  category: 'by category',
  client: 'by client',
  actor: 'by person or key',
}

interface SpendingProps {
  state: UsageState
  zone: string
  onChange: ChangeUsage
  /** The prompt whose own page this is. */
  page: string | undefined
}

/** What generations cost in the span, and what the month is going to cost. */
export function Spending({ state, zone, onChange, page }: SpendingProps) {
  const reading = useQuery({ ...spendingQuery(state, zone, page), placeholderData: keepPreviousData })
  const read = reading.data
  const failure = reading.error && (
    <SpendingUnread error={reading.error} onRetry={() => void reading.refetch()} />
  )
  if (read === undefined) return failure ?? <Skeleton className="h-64" />
  const { spending } = read
  if (spending.totals.generations + spending.totals.attempts === 0 && spending.quotas.length === 0)
    return null
  const { from, to, by } = spending
  return (
    <section aria-labelledby="spending-heading" className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="spending-heading" className="font-serif text-2xl">
          What it cost
        </h2>
        <Select
          aria-label="Split the cost"
          className="w-48"
          choices={DIMENSIONS.filter((each) => page === undefined || each !== 'prompt').map((id) => ({
            id,
            label: DIMENSION_NAMES[id],
          }))}
          value={spending.by}
          onChange={(id) => onChange({ spend: DIMENSIONS.find((each) => each === id) ?? null })}
        />
      </div>
      {failure}
      <Unpriced count={spending.totals.unpriced} />
      <Forecast spending={spending} />
      <CostChart read={read} zone={zone} range={state.range} page={page} onChange={onChange} />
      <CostTables
        spending={spending}
        page={page}
        filters={generationFilters(state, page)}
        hrefOf={(format) => tableFileHref('/api/stats/spending', state, { from, to, by, page, format })}
      />
    </section>
  )
}

/** The cost of each point as a table. */
function costColumns(zone: string, interval: Interval): ShownColumn<Spent['points'][number]>[] {
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

/** Cost over time, split as chosen. */
function CostChart({
  read: { spending, compared },
  zone,
  range,
  page,
  onChange,
}: Pick<SpendingProps, 'zone' | 'page' | 'onChange'> & { read: SpendingRead; range: Range | null }) {
  const [at, move] = useState<number | null>(null)
  const series = useMemo(() => seriesOf(spending), [spending])
  const line = useMemo(() => timeLineOf({ ...spending, marks: [] }, zone), [spending, zone])
  const before = useMemo(() => comparedPoints(spending, compared, zone), [spending, compared, zone])
  const over = useMemo(() => {
    const whole = compared?.totals.cost ?? null
    return comparedSeries(before, ({ cost }) => cost, { name: 'Before', whole, dash: '4 3' })
  }, [before, compared])
  const { points } = spending
  const most = [...points, ...(compared?.series.points ?? [])].map(({ cost }) => cost)
  return (
    <TimeChart
      title="Cost"
      kind="bars"
      line={line}
      cursor={{ at, move }}
      series={series}
      over={over}
      scale={scaleTo(Math.max(0, ...most))}
      format={(value) => formatCost(value ?? 0)}
      onZoom={
        canZoom(spending) ? (from, to) => onChange(zoomed(spending, { zone, range }, from, to)) : undefined
      }
      rows={points}
      rowKey={({ time }) => time}
      columns={[
        ...costColumns(zone, asInterval(spending.interval)),
        ...comparedColumns(before, points, {
          name: 'Cost before',
          value: ({ cost }) => cost,
          show: formatCost,
        }),
      ]}
      fileName={`${page ?? 'usage'}-cost-${fileTime(spending)}`}
    />
  )
}

function CostTables({
  spending,
  page,
  filters,
  hrefOf,
}: {
  spending: Spent
  page: string | undefined
  filters: Partial<GenerationFilters> | undefined
  /** The address of all rows as a file. */
  hrefOf: (format: 'csv' | 'jsonl') => string
}) {
  const { rows, versions, row_count: count } = spending
  const name = `Cost ${DIMENSION_NAMES[spending.by]}`
  const columns = spendingColumns(spending.by, filters)
  return (
    <>
      <div>
        <div className="mb-1 flex items-center">
          <h3 className="font-serif text-xl">{name}</h3>
          <div className="-mr-2 ml-auto flex print:hidden">
            <FileLinks name={name} hrefOf={hrefOf} />
          </div>
        </div>
        <ScrollRegion name={`${name}, table`} className="max-h-112 overflow-auto">
          <DataTable name={name} columns={columns} rows={rows} rowKey={({ key }) => key} />
        </ScrollRegion>
        {count > rows.length && (
          <p className="mt-2 text-ink-faint text-xs">
            These are the {rows.length} largest of {formatCount(count)}; the files have all.
          </p>
        )}
      </div>
      {versions.length > 0 && <VersionCosts versions={versions} page={page} />}
    </>
  )
}

/** The unit cost of each version beside the one before. */
function VersionCosts({ versions, page }: { versions: Spent['versions']; page: string | undefined }) {
  return (
    <div>
      <div className="mb-1 flex flex-wrap items-center">
        <h3 className="font-serif text-xl">Each version beside the one before</h3>
        <div className="-mr-2 ml-auto flex print:hidden">
          <TableFiles
            name="Cost of versions"
            fileName={`${page ?? 'usage'}-cost-of-versions`}
            columns={versionColumns}
            rows={versions}
          />
        </div>
      </div>
      <ScrollRegion name="Cost of versions, table" className="max-h-96 overflow-auto">
        <DataTable
          name="Cost of versions"
          columns={versionColumns}
          rows={versions}
          rowKey={({ version }) => String(version)}
        />
      </ScrollRegion>
    </div>
  )
}
