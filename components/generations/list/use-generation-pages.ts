'use client'

import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { useNews } from '#components/changes/use-news.ts'
import type { GenerationPage, GenerationSummary } from '#lib/generations/schema.ts'
import { type GenerationFilters, generationsHref, type ListQuery, toListQuery } from '../filters.ts'
import { generationPagesQuery, REST_MS, readPage } from '../queries.ts'
import { withNewest } from './with-newest.ts'

/** The first page, as the server read it. */
export interface FirstRead {
  filters: GenerationFilters
  /** The filters as the server sent them, and the reader's time zone as far as the server knew it. */
  query: ListQuery
  zone: string
  generations: GenerationPage
  readAt: number
}

/** A list as it was read so far, and the ways to read on. */
export interface ShownGenerations {
  generations: readonly GenerationSummary[]
  /** The list still shows the answer to the question before this one. */
  isStale: boolean
  error: Error | null
  onRetry: () => void
  hasMore: boolean
  isLoadingMore: boolean
  onMore: () => void
}

/**
 * The generations that the filters let through, page after page. While the list is live, news from the server
 * make it read again: its beginning alone, where all that is new stands there.
 * @param page the prompt whose own page shows the list
 */
export function useGenerationPages(
  first: FirstRead,
  filters: GenerationFilters,
  page: string | undefined,
  zone: string,
  isLive: boolean,
): {
  query: ListQuery
  /** The filters of the list that is shown: they may lag behind those that were chosen. */
  wanted: GenerationFilters
  shown: ShownGenerations
} {
  const wanted = useDeferredValue(filters)
  const isFirst = generationsHref(wanted) === generationsHref(first.filters)
  const query = useMemo(
    () => (isFirst ? first.query : toListQuery(wanted, page, zone)),
    [isFirst, first.query, wanted, page, zone],
  )
  const pages = usePages(query, isLive, isFirst ? first : undefined)
  useLiveTail(query, pages, isLive)
  const generations = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  return {
    query,
    wanted,
    shown: {
      generations,
      isStale: pages.isPlaceholderData || wanted !== filters,
      error: pages.error,
      onRetry: () =>
        void (generations.length > 0 && pages.hasNextPage ? pages.fetchNextPage() : pages.refetch()),
      hasMore: pages.hasNextPage,
      isLoadingMore: pages.isFetchingNextPage,
      onMore: () => void pages.fetchNextPage(),
    },
  }
}

/** Reads what is new as soon as the server says so, and whatever was missed when it is switched on again. */
function useLiveTail(query: ListQuery, pages: ReturnType<typeof usePages>, isLive: boolean): void {
  const queries = useQueryClient()
  const readAll = async () => {
    // A read that is under way may have begun before the newest generation.
    if (pages.isFetching) await pages.refetch({ cancelRefetch: false })
    await pages.refetch({ cancelRefetch: false })
  }
  const readNew = async () => {
    const { queryKey } = generationPagesQuery(query, isLive)
    const known = queries.getQueryData(queryKey)
    if (query.sort !== undefined || known === undefined || known.pages.length < 2) return readAll()
    const newest = await readPage(query)
    const merged = withNewest(known.pages, newest)
    // Another read may have brought more meanwhile.
    if (merged === undefined || queries.getQueryData(queryKey) !== known) return readAll()
    queries.setQueryData(queryKey, { ...known, pages: merged })
  }
  // Where every read fetches all pages, it rests the longer the further the list was scrolled.
  const reads = query.sort === undefined ? 1 : Math.max(1, pages.data?.pages.length ?? 1)
  useNews('generations', async () => isLive && readNew(), REST_MS * reads)
  const wasLive = useRef(isLive)
  const readMissed = useEffectEvent(() => void readAll())
  useEffect(() => {
    if (isLive && !wasLive.current) readMissed()
    wasLive.current = isLive
  }, [isLive])
}

function usePages(query: ListQuery, isLive: boolean, first: FirstRead | undefined) {
  return useInfiniteQuery({
    ...generationPagesQuery(query, isLive),
    placeholderData: keepPreviousData,
    ...(first && {
      initialData: { pages: [first.generations], pageParams: [null] },
      initialDataUpdatedAt: first.readAt,
    }),
  })
}
