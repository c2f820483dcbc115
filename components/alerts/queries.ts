import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { AlertEventPage, Bell, Rule } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'

export const ALERTS = ['alerts']
const PAGE = 200
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
  queryFn: async ({ signal }): Promise<Rule[]> => {
    const items: Rule[] = []
    let cursor: string | undefined
    do {
      const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) }
      const page: { items: Rule[]; next_cursor: string | null } = await call('GET /api/alerts', {
        query,
        signal,
      })
      items.push(...page.items)
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    return items
  },
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
