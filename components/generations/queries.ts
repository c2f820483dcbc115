import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  Generation,
  GenerationBatch,
  GenerationPage,
  GenerationSummary,
} from '#lib/generations/schema.ts'
import { call } from '#lib/rest/client.ts'
import type { ListQuery } from './filters.ts'

/** Generations on every page after the first. */
const LATER_PAGE = 200
/** How long a list rests between two reads when the server says that something is new. */
export const REST_MS = 1_000
/** The interval of polling besides the news, which may get lost. */
const ANYWAY_MS = 15_000
/** Batches at the top of the list. */
export const BATCHES_SHOWN = 10

/**
 * The generations of a query. While the page is seen and follows, they are read anew now and then, besides the
 * reads that news make.
 * @param query made once for all pages: a cursor belongs to the moment that a range begins at
 * @param isLive whether new generations appear
 */
export function generationPagesQuery(query: ListQuery, isLive: boolean) {
  return infiniteQueryOptions({
    queryKey: ['generations', 'list', query],
    queryFn: ({ pageParam, signal }): Promise<GenerationPage> => {
      const later = pageParam !== null && { cursor: pageParam, limit: LATER_PAGE }
      return call('GET /api/generations', { query: { ...query, ...later }, signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: GenerationPage) => last.next_cursor,
    refetchInterval: ({ state: { data } }) => isLive && ANYWAY_MS * Math.max(1, data?.pages.length ?? 1),
  })
}

/** Everything of a query, page after page, up to so many. */
export async function readAllGenerations(query: ListQuery, most: number): Promise<GenerationSummary[]> {
  const items: GenerationSummary[] = []
  let cursor: string | null = null
  do {
    const later = { ...query, limit: LATER_PAGE, ...(cursor !== null && { cursor }) }
    const page: GenerationPage = await call('GET /api/generations', { query: later })
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null && items.length < most)
  return items.slice(0, most)
}

/** The newest batches, read anew now and then. */
export const batchesQuery = queryOptions({
  queryKey: ['generations', 'batches'],
  queryFn: async ({ signal }): Promise<GenerationBatch[]> =>
    (await call('GET /api/generations/batch', { query: { limit: BATCHES_SHOWN }, signal })).items,
  refetchInterval: ANYWAY_MS,
})

/** One batch, read anew while it goes on. */
export function batchQuery(id: string) {
  return queryOptions({
    queryKey: ['generations', 'batch', id],
    queryFn: ({ signal }): Promise<GenerationBatch> =>
      call('GET /api/generations/batch/{id}', { params: { id }, signal }),
    refetchInterval: ({ state: { data } }) => (data?.finished_at === null ? ANYWAY_MS : false),
  })
}

/** The configuration whose answer was the last that came out well; null when there was none. */
export const lastSucceededQuery = queryOptions({
  queryKey: ['generations', 'last succeeded'],
  queryFn: async ({ signal }): Promise<string | null> => {
    const query = { status: 'succeeded', limit: 1 } as const
    const { items } = await call('GET /api/generations', { query, signal })
    return items[0]?.configuration ?? null
  },
})

/** One generation with everything about it. */
export function generationQuery(id: string) {
  return queryOptions({
    queryKey: ['generations', 'one', id],
    queryFn: ({ signal }): Promise<Generation> => readGeneration(id, signal),
  })
}

export function readGeneration(id: string, signal: AbortSignal): Promise<Generation> {
  return call('GET /api/generations/{id}', { params: { id }, signal })
}
