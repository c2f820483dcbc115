'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { GenerationFilters } from '#components/generations/filters.ts'
import { formatCost } from '#components/generations/format-generation.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { DIMENSIONS, type Dimension } from '#lib/usage/rules.ts'
import type { Spending as Spent } from '#lib/usage/spending-schema.ts'
import { scaleTo } from '../charts/scale.ts'
import { TimeChart } from '../charts/time-chart.tsx'
import { DataTable, TableFiles } from '../data-table.tsx'
import { generationFilters } from '../figure-hrefs.ts'
import { timeWords } from '../format-usage.ts'
import type { Range } from '../span.ts'
import { asInterval, fileTime, timeLineOf } from '../time-lines.ts'
import type { ChangeUsage, UsageState } from '../usage-state.ts'
import { canZoom, zoomed } from '../zoom.ts'
import { Forecast } from './forecast.tsx'
import { spendingColumns, versionColumns } from './spending-columns.tsx'
import { SpendingUnread, Unpriced } from './spending-notes.tsx'
import { seriesOf, spendingQuery } from './spending-query.ts'

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
  const spending = reading.data
  const failure = reading.error && (
    <SpendingUnread error={reading.error} onRetry={() => void reading.refetch()} />
  )
  if (spending === undefined) return failure ?? <Skeleton className="h-64" />
  if (spending.totals.generations + spending.totals.attempts === 0 && spending.quotas.length === 0)
    return null
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
      <CostChart spending={spending} zone={zone} range={state.range} page={page} onChange={onChange} />
      <CostTables spending={spending} page={page} filters={generationFilters(state, zone, page)} />
    </section>
  )
}

/** Cost over time, split as chosen. */
function CostChart({
  spending,
  zone,
  range,
  page,
  onChange,
}: Pick<SpendingProps, 'zone' | 'page' | 'onChange'> & { spending: Spent; range: Range | null }) {
  const [at, move] = useState<number | null>(null)
  const series = useMemo(() => seriesOf(spending), [spending])
  const line = useMemo(() => timeLineOf({ ...spending, marks: [] }, zone), [spending, zone])
  const { bucket } = timeWords(zone)
  const { points } = spending
  return (
    <TimeChart
      title="Cost"
      kind="bars"
      line={line}
      cursor={{ at, move }}
      series={series}
      scale={scaleTo(Math.max(0, ...points.map(({ cost }) => cost)))}
      format={(value) => formatCost(value ?? 0)}
      onZoom={
        canZoom(spending) ? (from, to) => onChange(zoomed(spending, { zone, range }, from, to)) : undefined
      }
      rows={points}
      rowKey={({ time }) => time}
      columns={[
        {
          key: 'time',
          name: 'Time',
          value: ({ time }) => time,
          show: ({ time }) => bucket(time, asInterval(spending.interval)),
        },
        {
          key: 'cost',
          name: 'Cost',
          value: ({ cost }) => cost,
          show: ({ cost }) => formatCost(cost),
          isNumber: true,
        },
        { key: 'tokens', name: 'Tokens', value: ({ tokens }) => tokens, isNumber: true },
        { key: 'generations', name: 'Generations', value: ({ generations }) => generations, isNumber: true },
      ]}
      fileName={`${page ?? 'usage'}-cost-${fileTime(spending)}`}
    />
  )
}

function CostTables({
  spending,
  page,
  filters,
}: {
  spending: Spent
  page: string | undefined
  filters: Partial<GenerationFilters> | undefined
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
            <TableFiles
              name={name}
              fileName={`${page ?? 'usage'}-cost-by-${spending.by}`}
              columns={columns}
              rows={rows}
            />
          </div>
        </div>
        <ScrollRegion name={`${name}, table`} className="max-h-112 overflow-auto">
          <DataTable name={name} columns={columns} rows={rows} rowKey={({ key }) => key} />
        </ScrollRegion>
        {count > rows.length && (
          <p className="mt-2 text-ink-faint text-xs">
            These are the {rows.length} largest of {count}.
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
