import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  Generation,
  GenerationBatch,
  GenerationFacets,
  GenerationPage,
  GenerationTotals,
  UsualFiguresAnswer,
} from '#lib/generations/schema.ts'
import type { GenerationColumn } from '#lib/generations/status.ts'
import { addressOf, call } from '#lib/rest/client.ts'
import { type ListQuery, narrowingOf } from './filters.ts'

/** Generations on every page after the first. */
const LATER_PAGE = 200
/** How long a list rests between two reads when the server says that something is new. */
export const REST_MS = 1_000
/** The interval of polling besides the news, which may get lost while the database is away. */
const ANYWAY_MS = 60_000
/** How often the progress of batches is read. */
const BATCH_MS = 15_000
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
    queryFn: ({ pageParam, signal }): Promise<GenerationPage> => readPage(query, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: GenerationPage) => last.next_cursor,
    refetchInterval: ({ state: { data } }) => isLive && ANYWAY_MS * Math.max(1, data?.pages.length ?? 1),
  })
}

/** A page of a query, the first without a cursor. */
export function readPage(
  query: ListQuery,
  cursor: string | null = null,
  signal?: AbortSignal,
): Promise<GenerationPage> {
  const later = cursor !== null && { cursor, limit: LATER_PAGE }
  return call('GET /api/generations', { query: { ...query, ...later }, ...(signal && { signal }) })
}

/** The address of everything that a query leaves, as a file. */
export function fileHref(
  query: ListQuery,
  format: 'csv' | 'jsonl',
  columns: readonly GenerationColumn[],
): string {
  return addressOf('/api/generations', { query: { ...query, format, columns: columns.join(',') } })
}

/** The sums of what narrows a list; the words of a search cannot be summed up. */
export function totalsQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ['generations', 'totals', narrowingOf(query)],
    queryFn: ({ signal }): Promise<GenerationTotals> =>
      call('GET /api/generations/totals', { query: narrowingOf(query), signal }),
    enabled: query.q === undefined,
    placeholderData: keepPreviousData,
  })
}

/** The values that a list could be narrowed by, whatever is chosen of them already. */
export function facetsQuery(query: ListQuery) {
  const {
    error: _error,
    version: _version,
    label: _label,
    model: _model,
    client: _client,
    category: _category,
    author: _author,
    ...others
  } = narrowingOf(query)
  return queryOptions({
    queryKey: ['generations', 'facets', others],
    queryFn: ({ signal }): Promise<GenerationFacets> =>
      call('GET /api/generations/facets', { query: others, signal }),
    placeholderData: keepPreviousData,
  })
}

/** A part of an hour changes no median that anybody would notice. */
const USUAL_REST_MS = 300_000

/** What is usual of each configuration. */
export const usualQuery = queryOptions({
  queryKey: ['generations', 'usual'],
  queryFn: ({ signal }): Promise<UsualFiguresAnswer> =>
    call('GET /api/generations/usual', { query: {}, signal }),
  staleTime: USUAL_REST_MS,
})

/** The newest batches, read anew now and then. */
export const batchesQuery = queryOptions({
  queryKey: ['generations', 'batches'],
  queryFn: async ({ signal }): Promise<GenerationBatch[]> =>
    (await call('GET /api/generations/batch', { query: { limit: BATCHES_SHOWN }, signal })).items,
  refetchInterval: BATCH_MS,
})

/** One batch, read anew while it goes on. */
export function batchQuery(id: string) {
  return queryOptions({
    queryKey: ['generations', 'batch', id],
    queryFn: ({ signal }): Promise<GenerationBatch> =>
      call('GET /api/generations/batch/{id}', { params: { id }, signal }),
    refetchInterval: ({ state: { data } }) => (data?.finished_at === null ? BATCH_MS : false),
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
