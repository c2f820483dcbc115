'use client'

import { useQuery } from '@tanstack/react-query'
import { debounce, useQueryStates } from 'nuqs'
import { useMemo, useRef } from 'react'
import { useListKeys } from '#components/rows/use-list-keys.ts'
import { useScrollMemory } from '#components/rows/use-scroll-memory.ts'
import { PageTitle } from '#components/shell/page-title.tsx'
import { useTimeZone } from '#components/spans/time-zone.ts'
import { searchHistory, useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import type { GenerationBatch, UsualFiguresAnswer } from '#lib/generations/schema.ts'
import { BatchList } from '../batch/batch-list.tsx'
import { type ChangeFilters, filterParsers, generationsHref } from '../filters.ts'
import { usualQuery } from '../queries.ts'
import { usualBy } from '../usual.ts'
import { FilterBar } from './filter-bar.tsx'
import { FilterChips } from './filter-chips.tsx'
import { GenerationList } from './generation-list.tsx'
import { TableTools } from './table-tools.tsx'
import { Totals } from './totals.tsx'
import { type FirstRead, useGenerationPages } from './use-generation-pages.ts'
import { useView } from './use-view.ts'

export interface GenerationBrowserProps {
  /** The first read of the server, with its time and filters. */
  first: FirstRead & { batches: readonly GenerationBatch[]; usual: UsualFiguresAnswer }
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

/** The generations, ended and under way; the filters, the sort and the view live in the URL. */
export function GenerationBrowser({ first, configurations, page }: GenerationBrowserProps) {
  const [filters, setFilters] = useQueryStates(filterParsers)
  useSamePageHistory()
  const zone = useTimeZone(first.zone)
  const list = useRef<HTMLDivElement>(null)
  const view = useView()
  const { shown, query, wanted } = useGenerationPages(first, filters, page, zone, view.isLive)
  const usual = useUsual(first)
  const change: ChangeFilters = (given) => void setFilters(given, { history: 'push', scroll: false })
  useListKeys(list, shown.generations.length, LISTED)
  useScrollMemory(generationsHref(wanted, page))
  const tools = <TableTools view={view} query={query} />
  const at = { filters, onChange: change, page }
  return (
    <>
      {page === undefined && (
        <PageTitle isShort action={tools}>
          Generations
        </PageTitle>
      )}
      <div className="mb-3 flex flex-wrap items-center gap-2 print:hidden">
        <FilterBar
          {...at}
          query={query}
          onSearch={(q) => void setFilters({ q: q || null }, historyOfSearch(q))}
          configurations={configurations}
          own={zone}
          now={first.readAt}
        />
        {page !== undefined && <div className="ml-auto">{tools}</div>}
      </div>
      <FilterChips {...at} generations={shown.generations} />
      <BatchList
        first={first.batches}
        readAt={first.readAt}
        page={page}
        chosen={filters.batch}
        onChoose={(batch) => change({ batch })}
      />
      <Totals query={query} isLive={view.isLive} />
      <GenerationList
        {...shown}
        {...at}
        ref={list}
        columns={view.density === 'compact' ? view.columns : undefined}
        usual={usual}
        firstNow={first.readAt}
      />
    </>
  )
}

function useUsual({ usual, readAt }: GenerationBrowserProps['first']) {
  const { data } = useQuery({ ...usualQuery, initialData: usual, initialDataUpdatedAt: readAt })
  return useMemo(() => usualBy(data), [data])
}
