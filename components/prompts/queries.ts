import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { part } from '#components/ui/part.ts'
import type { Page } from '#lib/page.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { CategoryFacts, TagFacts } from './facts.ts'
import { type Filters, toListQuery } from './filters.ts'
import { LISTS } from './list-cache.ts'

export type PromptPageData = Page<PromptSummary>

/** Prompts on every page after the first: ten thousand are read in some fifty requests. */
const LATER_PAGE = 200

/** The first page shows without it: the client and the schemas come when something is read again. */
const client = part(() => import('./read.ts'))

/** The prompts under these filters, page by page. */
export function promptPagesQuery(filters: Filters) {
  const query = toListQuery(filters)
  return infiniteQueryOptions({
    queryKey: [...LISTS, query],
    queryFn: async ({ pageParam, signal }): Promise<PromptPageData> =>
      (await client()).readPrompts(
        { ...query, usage: 'true', ...(pageParam !== null && { cursor: pageParam, limit: LATER_PAGE }) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: PromptPageData) => page.next_cursor,
  })
}

export const categoriesQuery = queryOptions({
  queryKey: ['categories'],
  queryFn: async ({ signal }): Promise<CategoryFacts[]> => (await client()).readCategories(signal),
})

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: async ({ signal }): Promise<TagFacts[]> => (await client()).readTags(signal),
})
