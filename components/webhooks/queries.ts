import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { allItems } from '#components/rows/all-items.ts'
import { call } from '#lib/rest/client.ts'
import type { DeliveryPage, Webhook, WebhookPage } from '#lib/webhooks/schema.ts'

export const WEBHOOKS = ['webhooks']
/** While deliveries wait, how they went is looked for so often. */
const WAITING_MS = 2000

/** All webhooks: `limits.webhooks` keeps them few. */
export const webhooksQuery = queryOptions({
  queryKey: [...WEBHOOKS, 'list'],
  queryFn: ({ signal }): Promise<Webhook[]> =>
    allItems((query): Promise<WebhookPage> => call('GET /api/webhooks', { query, signal })),
})

/** What a webhook was sent, the newest first. */
export function deliveryPagesQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: [...WEBHOOKS, 'deliveries', id],
    queryFn: ({ pageParam, signal }): Promise<DeliveryPage> =>
      call('GET /api/webhooks/{id}/deliveries', {
        params: { id },
        query: { limit: 50, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last: DeliveryPage) => last.next_cursor,
    refetchInterval: ({ state }) => {
      const isWaiting = state.data?.pages[0]?.items.some((delivery) => delivery.state === 'waiting')
      return isWaiting === true ? WAITING_MS : false
    },
  })
}
