'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { debounce, useQueryStates } from 'nuqs'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { useNews } from '#components/changes/use-news.ts'
import { useDensity } from '#components/rows/density.tsx'
import { useEnterList } from '#components/rows/focus-row.ts'
import { useScrollMemory } from '#components/rows/use-scroll-memory.ts'
import { useActions } from '#components/shell/actions.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { searchHistory, useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import { useTimeZone } from '#components/usage/time-zone.ts'
import type { GenerationBatch, GenerationPage } from '#lib/generations/schema.ts'
import { BatchList } from '../batch/batch-list.tsx'
import {
  type ChangeFilters,
  filterParsers,
  type GenerationFilters,
  generationsHref,
  type ListQuery,
  toListQuery,
} from '../filters.ts'
import { generationPagesQuery, REST_MS } from '../queries.ts'
import { FilterBar } from './filter-bar.tsx'
import { GenerationList } from './generation-list.tsx'
import { TableTools } from './table-tools.tsx'
import { useRowKeys } from './use-row-keys.ts'
import { useShownColumns } from './use-shown-columns.ts'

export interface GenerationBrowserProps {
  /** What the server read, when, and under which filters. */
  first: {
    filters: GenerationFilters
    /** The filters as they were asked for, and the reader's time zone, as far as it was known. */
    query: ListQuery
    zone: string
    generations: GenerationPage
    batches: readonly GenerationBatch[]
    readAt: number
  }
  /** Names of configurations to narrow by. */
  configurations: readonly string[]
  /** The prompt whose own page this is; left out on the page of everything. */
  page?: string
}

const URL_DELAY_MS = 250

const ROW_KEYS = [
  ['walk', 'Walk through the list (also j and k)', 'ArrowDown'],
  ['open', 'Open the generation', 'Enter'],
].map(
  ([id, name, keys]) =>
    ({
      id: `generations.row.${id}`,
      name: name ?? '',
      keys: keys ?? '',
      group: 'Generations',
      isKeyOnly: true,
    }) as const,
)

/** What was generated and what is at it; the filters and the sort live in the URL. */
export function GenerationBrowser({ first, configurations, page }: GenerationBrowserProps) {
  const [filters, setFilters] = useQueryStates(filterParsers)
  useSamePageHistory()
  const zone = useTimeZone(first.zone)
  const list = useRef<HTMLDivElement>(null)
  const wanted = useDeferredValue(filters)
  const isFirst = generationsHref(wanted) === generationsHref(first.filters)
  const query = useMemo(
    () => (isFirst ? first.query : toListQuery(wanted, page, zone)),
    [isFirst, first.query, wanted, page, zone],
  )
  const [isLive, setLive] = useState(true)
  const pages = useInfiniteQuery({
    ...generationPagesQuery(query, isLive),
    placeholderData: keepPreviousData,
    ...(isFirst
      ? {
          initialData: { pages: [first.generations], pageParams: [null] },
          initialDataUpdatedAt: first.readAt,
        }
      : {}),
  })
  const reread = async () => {
    // A read that is under way may have begun before what is new.
    if (pages.isFetching) await pages.refetch({ cancelRefetch: false })
    await pages.refetch({ cancelRefetch: false })
  }
  useNews(
    'generations',
    async () => isLive && reread(),
    // All pages are read: a list that was scrolled far more rarely.
    REST_MS * Math.max(1, pages.data?.pages.length ?? 1),
  )
  const follow = (isWanted: boolean) => {
    setLive(isWanted)
    if (isWanted) void reread()
  }
  const generations = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const change: ChangeFilters = (given) => void setFilters(given, { history: 'push', scroll: false })
  // As in the list of prompts.
  const search = (q: string) =>
    void setFilters(
      { q: q || null },
      { history: searchHistory(q), scroll: false, limitUrlUpdates: debounce(URL_DELAY_MS) },
    )
  const [density, setDensity] = useDensity('compact')
  const [columns, setColumns] = useShownColumns()
  const enter = useEnterList(list, generations.length)
  useActions([
    ...ROW_KEYS,
    {
      id: 'generations.row.enter',
      name: 'Go into the list',
      group: 'Generations',
      keys: ['j', 'k'],
      run: enter,
      isKeyOnly: true,
    },
  ])
  useRowKeys(list, generations.length)
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
          onSearch={search}
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
        ref={list}
        generations={generations}
        filters={filters}
        onChange={change}
        columns={density === 'compact' ? columns : undefined}
        page={page}
        firstNow={first.readAt}
        isStale={pages.isPlaceholderData || wanted !== filters}
        error={pages.error}
        onRetry={() =>
          void (generations.length > 0 && pages.hasNextPage ? pages.fetchNextPage() : pages.refetch())
        }
        hasMore={pages.hasNextPage}
        isLoadingMore={pages.isFetchingNextPage}
        onMore={() => void pages.fetchNextPage()}
      />
    </>
  )
}
