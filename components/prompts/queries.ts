import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Page } from '#lib/page.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'
import type { CategoryFacts, TagFacts } from './categories-and-tags.tsx'
import { type Filters, toListQuery } from './filters.ts'
import { LISTS } from './list-cache.ts'

export type PromptPageData = Page<PromptSummary>

/** Prompts on every page after the first: ten thousand are read in some fifty requests. */
const LATER_PAGE = 200
/** Most tags that are offered at the side. */
const TAG_LIMIT = 100

/** The prompts under these filters, page by page. */
export function promptPagesQuery(filters: Filters) {
  const query = toListQuery(filters)
  return infiniteQueryOptions({
    queryKey: [...LISTS, query],
    queryFn: ({ pageParam, signal }): Promise<PromptPageData> => {
      const later = pageParam !== null && { cursor: pageParam, limit: LATER_PAGE }
      return call('GET /api/prompts', { query: { ...query, usage: 'true', ...later }, signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: PromptPageData) => page.next_cursor,
  })
}

export const categoriesQuery = queryOptions({
  queryKey: ['categories'],
  queryFn: async ({ signal }): Promise<CategoryFacts[]> =>
    (await call('GET /api/categories', { signal })).categories,
})

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: async ({ signal }): Promise<TagFacts[]> =>
    (await call('GET /api/tags', { query: { limit: TAG_LIMIT }, signal })).items,
})
