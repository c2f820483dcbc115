import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '#lib/rest/client.ts'
import type { Use, UsesPage } from '#lib/usage/use-schema.ts'
import { toUsesQuery, type UsesState } from './uses-state.ts'

const LIVE_MS = 2000
/** Uses that a live list keeps; the older ones are found when it is read again. */
const MOST_LIVE = 1000

/** Pages of single uses; while it is live, what is written since is asked for every two seconds. */
export function useUses(state: UsesState, first: { state: UsesState; page: UsesPage; readAt: number }) {
  const query = toUsesQuery(state)
  const isFirst = JSON.stringify(query) === JSON.stringify(toUsesQuery(first.state))
  const pages = useInfiniteQuery({
    queryKey: ['uses', query],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/uses', {
        query: { ...query, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: UsesPage) => page.next_cursor,
    ...(isFirst && {
      initialData: { pages: [first.page], pageParams: [null] },
      initialDataUpdatedAt: first.readAt,
    }),
  })
  const [isLive, setLive] = useState(false)
  const tail = pages.data?.pages[0]?.tail
  const fresh = useFresh(query, tail, isLive)
  const items = useMemo(() => {
    const older = pages.data?.pages.flatMap((page) => page.items) ?? []
    const known = new Set(older.map(({ id }) => id))
    return [...fresh.items.filter(({ id }) => !known.has(id)), ...older]
  }, [pages.data, fresh.items])
  const more = pages.hasNextPage
    ? { load: () => void pages.fetchNextPage(), isLoading: pages.isFetchingNextPage }
    : undefined
  return { items, more, isLive, setLive, error: pages.error ?? fresh.error }
}

interface Fresh {
  items: Use[]
  tail: string
}

/** What was written since the list was read, newest first. */
function useFresh(query: ReturnType<typeof toUsesQuery>, tail: string | undefined, isLive: boolean) {
  const { data, error } = useQuery({
    queryKey: ['uses', 'since', query, tail],
    queryFn: async ({ client, queryKey, signal }): Promise<Fresh> => {
      const before = client.getQueryData<Fresh>(queryKey)
      const after = before?.tail ?? tail ?? ''
      const page = await call('GET /api/uses', { query: { ...query, after, limit: 200 }, signal })
      const known = new Set(before?.items.map(({ id }) => id))
      const items = [...page.items.filter(({ id }) => !known.has(id)), ...(before?.items ?? [])]
      return { items: items.slice(0, MOST_LIVE), tail: page.tail }
    },
    enabled: isLive && tail !== undefined,
    refetchInterval: LIVE_MS,
    structuralSharing: false,
  })
  return { items: data?.items ?? [], error }
}
