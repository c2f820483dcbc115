import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { part } from '#components/ui/part.ts'
import type { Generation, GenerationBatch, GenerationPage } from '#lib/generations/schema.ts'
import { type GenerationFilters, toListQuery } from './filters.ts'
import { isFinished } from './status.ts'

/** Generations on every page after the first. */
const LATER_PAGE = 200
/** How often a list is read while something in it is not finished, and while all of it is. */
const BUSY_MS = 2_000
const QUIET_MS = 15_000
/** Batches at the top of the list. */
export const BATCHES_SHOWN = 10

/** The first page shows without it: the client and the schemas come when something is read again. */
const client = part(() => import('./read.ts'))

/**
 * The generations under these filters, newest first, read anew while the page is seen: often while something
 * is unfinished. A list that was scrolled far is read more rarely, as all of it is.
 * @param page the prompt whose own page this is
 */
export function generationPagesQuery(filters: GenerationFilters, page: string | undefined) {
  const query = toListQuery(filters, page)
  return infiniteQueryOptions({
    queryKey: ['generations', 'list', query],
    queryFn: async ({ pageParam, signal }): Promise<GenerationPage> =>
      (await client()).readGenerations(
        { ...query, ...(pageParam !== null && { cursor: pageParam, limit: LATER_PAGE }) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last: GenerationPage) => last.next_cursor,
    refetchInterval: ({ state: { data } }) => {
      const pages = data?.pages ?? []
      const isBusy = pages.some(({ items }) => items.some(({ status }) => !isFinished(status)))
      return (isBusy ? BUSY_MS : QUIET_MS) * Math.max(1, pages.length)
    },
  })
}

/** The newest batches, read anew while one of them goes on. */
export const batchesQuery = queryOptions({
  queryKey: ['generations', 'batches'],
  queryFn: async ({ signal }): Promise<GenerationBatch[]> =>
    (await (await client()).readBatches(BATCHES_SHOWN, signal)).items,
  refetchInterval: ({ state: { data } }) =>
    data?.some(({ finished_at: at }) => at === null) ? BUSY_MS : QUIET_MS,
})

/** One batch, read anew while it goes on. */
export function batchQuery(id: string) {
  return queryOptions({
    queryKey: ['generations', 'batch', id],
    queryFn: async ({ signal }): Promise<GenerationBatch> => (await client()).readBatch(id, signal),
    refetchInterval: ({ state: { data } }) => (data?.finished_at === null ? BUSY_MS : false),
  })
}

/** The configuration whose answer was the last that came out well; null when there was none. */
export const lastSucceededQuery = queryOptions({
  queryKey: ['generations', 'last succeeded'],
  queryFn: async ({ signal }): Promise<string | null> => {
    const { items } = await (await client()).readGenerations({ status: 'succeeded', limit: 1 }, signal)
    return items[0]?.configuration ?? null
  },
})

/** One generation with everything about it. */
export function generationQuery(id: string) {
  return queryOptions({
    queryKey: ['generations', 'one', id],
    queryFn: async ({ signal }): Promise<Generation> => (await client()).readGeneration(id, signal),
  })
}
