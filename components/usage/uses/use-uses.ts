import { type InfiniteData, type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '#lib/rest/client.ts'
import type { UsesPage } from '#lib/usage/use-schema.ts'
import { type Fresh, mergeUses, readSince } from './follow-uses.ts'
import { toUsesQuery, type UsesQuery, type UsesState } from './uses-state.ts'

const LIVE_MS = 2000

/** The first page, as the server read it. */
export interface FirstUses {
  state: UsesState
  /** The state as the server asked for it, and the reader's time zone as far as the server knew it. */
  query: UsesQuery
  zone: string
  page: UsesPage
  readAt: number
}

/** Pages of single uses; while it is live, what is written since is asked for every two seconds. */
export function useUses(state: UsesState, zone: string, first: FirstUses) {
  const isFirst = JSON.stringify(state) === JSON.stringify(first.state)
  // Made once: a cursor belongs to the moment that a range begins at.
  const query = useMemo(
    () => (isFirst ? first.query : toUsesQuery(state, zone)),
    [isFirst, first.query, state, zone],
  )
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
  const items = useMemo(
    () => mergeUses(fresh.items, pages.data?.pages.flatMap((page) => page.items) ?? []),
    [pages.data, fresh.items],
  )
  const more = pages.hasNextPage
    ? { load: () => void pages.fetchNextPage(), isLoading: pages.isFetchingNextPage }
    : undefined
  return { query, items, more, isLive, setLive, error: pages.error ?? fresh.error }
}

const NOTHING: Fresh['items'] = []

/** What was written since the list was read. */
function useFresh(query: UsesQuery, tail: string | undefined, isLive: boolean) {
  const { data, error } = useQuery({
    queryKey: ['uses', 'since', query, tail],
    queryFn: async ({ client, queryKey, signal }): Promise<Fresh> => {
      const before = client.getQueryData<Fresh>(queryKey) ?? { items: NOTHING, tail: tail ?? '' }
      const fresh = await readSince(
        (given) => call('GET /api/uses', { query: { ...query, ...given }, signal }),
        before,
      )
      if (fresh === undefined) await readAnew(client, ['uses', query])
      return fresh ?? before
    },
    enabled: isLive && tail !== undefined,
    refetchInterval: LIVE_MS,
    structuralSharing: false,
  })
  return { items: data?.items ?? NOTHING, error }
}

/** Reads the newest page in place of all that were read: between it and them others would be left out. */
async function readAnew(client: QueryClient, queryKey: readonly unknown[]): Promise<void> {
  client.setQueryData<InfiniteData<UsesPage>>(
    queryKey,
    (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
  )
  await client.invalidateQueries({ queryKey, exact: true })
}
