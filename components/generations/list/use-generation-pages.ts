'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'
import { useNews } from '#components/changes/use-news.ts'
import type { GenerationPage, GenerationSummary } from '#lib/generations/schema.ts'
import { type GenerationFilters, generationsHref, type ListQuery, toListQuery } from '../filters.ts'
import { generationPagesQuery, REST_MS } from '../queries.ts'

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
 * make it read again.
 * @param page the prompt whose own page shows the list
 */
export function useGenerationPages(
  first: FirstRead,
  filters: GenerationFilters,
  page: string | undefined,
  zone: string,
): {
  query: ListQuery
  /** The filters of the list that is shown: they may lag behind those that were chosen. */
  wanted: GenerationFilters
  isLive: boolean
  follow: (isWanted: boolean) => void
  shown: ShownGenerations
} {
  const wanted = useDeferredValue(filters)
  const isFirst = generationsHref(wanted) === generationsHref(first.filters)
  const query = useMemo(
    () => (isFirst ? first.query : toListQuery(wanted, page, zone)),
    [isFirst, first.query, wanted, page, zone],
  )
  const [isLive, setLive] = useState(true)
  const pages = usePages(query, isLive, isFirst ? first : undefined)
  const reread = async () => {
    // A read that is under way may have begun before the newest generation.
    if (pages.isFetching) await pages.refetch({ cancelRefetch: false })
    await pages.refetch({ cancelRefetch: false })
  }
  // Every read fetches all pages: the further a list is scrolled, the longer it rests.
  useNews('generations', async () => isLive && reread(), REST_MS * Math.max(1, pages.data?.pages.length ?? 1))
  const generations = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  return {
    query,
    wanted,
    isLive,
    follow(isWanted: boolean) {
      setLive(isWanted)
      if (isWanted) void reread()
    },
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
