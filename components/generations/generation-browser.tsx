'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useDeferredValue, useMemo, useRef } from 'react'
import { useEnterList } from '#components/rows/use-enter-list.ts'
import { useScrollMemory } from '#components/rows/use-scroll-memory.ts'
import { useActions } from '#components/shell/actions.tsx'
import { useSamePageHistory } from '#components/ui/use-same-page-history.ts'
import type { GenerationBatch, GenerationPage } from '#lib/generations/schema.ts'
import { BatchList } from './batch-list.tsx'
import { FilterBar } from './filter-bar.tsx'
import { type ChangeFilters, filterParsers, type GenerationFilters, generationsHref } from './filters.ts'
import { GenerationList } from './generation-list.tsx'
import { generationPagesQuery } from './queries.ts'
import { useRowKeys } from './use-row-keys.ts'

export interface GenerationBrowserProps {
  /** What the server read, when, and under which filters. */
  first: {
    filters: GenerationFilters
    generations: GenerationPage
    batches: readonly GenerationBatch[]
    readAt: number
  }
  /** Names of configurations to narrow by. */
  configurations: readonly string[]
  /** The prompt whose own page this is; left out on the page of everything. */
  page?: string
}

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

/** What was generated and what is at it, newest first; the filters live in the URL. */
export function GenerationBrowser({ first, configurations, page }: GenerationBrowserProps) {
  const [filters, setFilters] = useQueryStates(filterParsers)
  useSamePageHistory()
  const list = useRef<HTMLDivElement>(null)
  const wanted = useDeferredValue(filters)
  const pages = useInfiniteQuery({
    ...generationPagesQuery(wanted, page),
    placeholderData: keepPreviousData,
    ...(generationsHref(wanted) === generationsHref(first.filters)
      ? {
          initialData: { pages: [first.generations], pageParams: [null] },
          initialDataUpdatedAt: first.readAt,
        }
      : {}),
  })
  const generations = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const change: ChangeFilters = (given) => void setFilters(given, { history: 'push', scroll: false })
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
  return (
    <>
      <div className="mb-6 print:hidden">
        <FilterBar filters={filters} onChange={change} configurations={configurations} page={page} />
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
