'use client'

import { debounce, useQueryStates } from 'nuqs'
import { useRef } from 'react'
import { useDensity } from '#components/rows/density.tsx'
import { useListKeys } from '#components/rows/use-list-keys.ts'
import { useScrollMemory } from '#components/rows/use-scroll-memory.ts'
import { PageTitle } from '#components/shell/page-title.tsx'
import { searchHistory, useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import { useTimeZone } from '#components/usage/time-zone.ts'
import type { GenerationBatch } from '#lib/generations/schema.ts'
import { BatchList } from '../batch/batch-list.tsx'
import { type ChangeFilters, filterParsers, generationsHref } from '../filters.ts'
import { FilterBar } from './filter-bar.tsx'
import { GenerationList } from './generation-list.tsx'
import { TableTools } from './table-tools.tsx'
import { type FirstRead, useGenerationPages } from './use-generation-pages.ts'
import { useShownColumns } from './use-shown-columns.ts'

export interface GenerationBrowserProps {
  /** The first read of the server, with its time and filters. */
  first: FirstRead & { batches: readonly GenerationBatch[] }
  /** Names of configurations to narrow by. */
  configurations: readonly string[]
  /** The prompt whose own page this is; left out on the page of everything. */
  page?: string
}

const LISTED = { id: 'generations', group: 'Generations', open: 'Open the generation' }
const URL_DELAY_MS = 250

/** Options of nuqs for a search: the address follows the typed text with a debounce. */
const historyOfSearch = (q: string) =>
  ({
    history: searchHistory(q),
    scroll: false,
    limitUrlUpdates: debounce(URL_DELAY_MS),
  }) as const

/** The generations, ended and under way; the filters and the sort live in the URL. */
export function GenerationBrowser({ first, configurations, page }: GenerationBrowserProps) {
  const [filters, setFilters] = useQueryStates(filterParsers)
  useSamePageHistory()
  const zone = useTimeZone(first.zone)
  const list = useRef<HTMLDivElement>(null)
  const { shown, query, wanted, isLive, follow } = useGenerationPages(first, filters, page, zone)
  const change: ChangeFilters = (given) => void setFilters(given, { history: 'push', scroll: false })
  const [density, setDensity] = useDensity('compact')
  const [columns, setColumns] = useShownColumns()
  useListKeys(list, shown.generations.length, LISTED)
  useScrollMemory(generationsHref(wanted, page))
  const tools = (
    <TableTools
      isLive={isLive}
      onLive={follow}
      density={density}
      onDensity={setDensity}
      columns={columns}
      onColumns={setColumns}
      query={query}
    />
  )
  return (
    <>
      {page === undefined && (
        <PageTitle isShort action={tools}>
          Generations
        </PageTitle>
      )}
      <div className="mb-4 flex flex-wrap items-center gap-2 print:hidden">
        <FilterBar
          filters={filters}
          onChange={change}
          onSearch={(q) => void setFilters({ q: q || null }, historyOfSearch(q))}
          configurations={configurations}
          page={page}
          zone={zone}
          now={first.readAt}
        />
        {page !== undefined && <div className="ml-auto">{tools}</div>}
      </div>
      <BatchList
        first={first.batches}
        readAt={first.readAt}
        page={page}
        chosen={filters.batch}
        onChoose={(batch) => change({ batch })}
      />
      <GenerationList
        {...shown}
        ref={list}
        filters={filters}
        onChange={change}
        columns={density === 'compact' ? columns : undefined}
        page={page}
        firstNow={first.readAt}
      />
    </>
  )
}
