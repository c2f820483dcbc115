import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { allItems } from '#components/rows/all-items.ts'
import type { AlertEventPage, Bell, Rule, RulePage } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'

export const ALERTS = ['alerts']
const POLL_MS = 60_000

/** What the bell shows. News come by the stream of changes; it looks by itself now and then. */
export const bellQuery = queryOptions({
  queryKey: [...ALERTS, 'bell'],
  queryFn: ({ signal }): Promise<Bell> => call('GET /api/alerts/bell', { signal }),
  refetchInterval: POLL_MS,
})

/** All rules: `limits.alert_rules` keeps them few. */
export const rulesQuery = queryOptions({
  queryKey: [...ALERTS, 'rules'],
  queryFn: ({ signal }): Promise<Rule[]> =>
    allItems((query): Promise<RulePage> => call('GET /api/alerts', { query, signal })),
})

/** What fired, the newest first. */
export const eventPagesQuery = infiniteQueryOptions({
  queryKey: [...ALERTS, 'events'],
  queryFn: ({ pageParam, signal }): Promise<AlertEventPage> =>
    call('GET /api/alerts/events', {
      query: { limit: 50, ...(pageParam !== null && { cursor: pageParam }) },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (last: AlertEventPage) => last.next_cursor,
})
