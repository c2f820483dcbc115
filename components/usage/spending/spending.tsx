'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { GenerationFilters } from '#components/generations/filters.ts'
import { FileLinks } from '#components/rows/file-links.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { DIMENSIONS, type Dimension } from '#lib/usage/rules.ts'
import type { Stats } from '#lib/usage/schema.ts'
import type { Spending as Spent } from '#lib/usage/spending-schema.ts'
import { DataTable, TableFiles } from '../data-table.tsx'
import { generationFilters } from '../figure-hrefs.ts'
import { formatCount } from '../format-usage.ts'
import { type ChangeUsage, MEASURES, tableFileHref, type UsageState } from '../usage-state.ts'
import { Forecast } from './forecast.tsx'
import { spendingColumns, versionColumns } from './spending-columns.tsx'
import { SpendingUnread, Unpriced } from './spending-notes.tsx'
import { spendingQuery } from './spending-query.ts'
import { MEASURE_NAMES, SpentChart } from './spent-chart.tsx'

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
  /** The span, and what happened in it to a prompt. */
  stats: Pick<Stats, 'from' | 'to' | 'marks'>
}

/** What generations cost in the span, and what the month is going to cost. */
export function Spending({ state, zone, onChange, page, stats }: SpendingProps) {
  const reading = useQuery({ ...spendingQuery(state, zone, page), placeholderData: keepPreviousData })
  const read = reading.data
  const failure = reading.error && (
    <SpendingUnread error={reading.error} onRetry={() => void reading.refetch()} />
  )
  if (read === undefined) return failure ?? <Skeleton className="h-64" />
  const { spending } = read
  if (spending.totals.generations + spending.totals.attempts === 0 && spending.quotas.length === 0)
    return null
  const { from, to, by, measure } = spending
  return (
    <section aria-labelledby="spending-heading" className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="spending-heading" className="font-serif text-2xl">
          What it cost
        </h2>
        <Select
          aria-label="What is drawn and ranked"
          className="w-36"
          choices={MEASURES.map((id) => ({ id, label: MEASURE_NAMES[id] }))}
          value={spending.measure}
          onChange={(id) => onChange({ measure: MEASURES.find((each) => each === id) ?? null })}
        />
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
      <SpentChart read={read} stats={stats} state={state} zone={zone} page={page} onChange={onChange} />
      <CostTables
        spending={spending}
        page={page}
        filters={generationFilters(state, page)}
        hrefOf={(format) =>
          tableFileHref('/api/stats/spending', state, { from, to, by, measure, page, format })
        }
      />
    </section>
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
  const name = `${MEASURE_NAMES[spending.measure === 'tokens' ? 'tokens' : 'cost']} ${DIMENSION_NAMES[spending.by]}`
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
