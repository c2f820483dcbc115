import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { allItems } from '#components/rows/all-items.ts'
import type { ApiKey, ApiKeyPage } from '#lib/keys/schema.ts'
import type { ClientPage, ConnectedClient } from '#lib/oauth/schema.ts'
import { call } from '#lib/rest/client.ts'

export const KEYS = ['keys']
export const CLIENTS = ['clients']
const PAGE = 200
/** Pages that are looked through for the keys of one person. */
const MOST_PAGES = 10

/** Keys, the newest first. */
export function keyPagesQuery(shows: KeyFilter) {
  return infiniteQueryOptions({
    queryKey: [...KEYS, 'list', shows],
    queryFn: ({ pageParam, signal }): Promise<ApiKeyPage> => {
      const query = { ...queryOf(shows), limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) }
      return call('GET /api/keys', { query, signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: ApiKeyPage) => last.next_cursor,
  })
}

/** What the list of keys shows: those that can be used, and of these one kind; or those that were revoked. */
export const KEY_FILTERS = ['all', 'personal', 'service', 'revoked'] as const
export type KeyFilter = (typeof KEY_FILTERS)[number]

function queryOf(shows: KeyFilter) {
  if (shows === 'revoked') return { revoked: 'true' } as const
  return shows === 'all' ? { revoked: 'false' as const } : { revoked: 'false' as const, kind: shows }
}

/** The personal keys of somebody that can be used. */
export function keysOfQuery(actorId: string) {
  return queryOptions({
    queryKey: [...KEYS, 'of', actorId],
    queryFn: async ({ signal }): Promise<ApiKey[]> => {
      const items: ApiKey[] = []
      let cursor: string | undefined
      for (let page = 0; page < MOST_PAGES; page++) {
        const query = { ...queryOf('personal'), limit: PAGE, ...(cursor !== undefined && { cursor }) }
        const answer: ApiKeyPage = await call('GET /api/keys', { query, signal })
        items.push(...answer.items.filter(({ person }) => person?.id === actorId))
        if (answer.next_cursor === null) break
        cursor = answer.next_cursor
      }
      return items
    },
  })
}

/** What was let in by sign-in, the newest first. */
export const clientsQuery = queryOptions({
  queryKey: CLIENTS,
  queryFn: ({ signal }): Promise<ConnectedClient[]> =>
    allItems((query): Promise<ClientPage> => call('GET /api/clients', { query, signal })),
})

/** The connected clients of somebody. */
export function clientsOfQuery(actorId: string) {
  return queryOptions({
    ...clientsQuery,
    select: (all: ConnectedClient[]) => all.filter(({ person }) => person?.id === actorId),
  })
}
