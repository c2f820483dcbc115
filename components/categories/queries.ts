import { queryOptions } from '@tanstack/react-query'
import type { Category } from '#lib/categories/schema.ts'
import { call } from '#lib/rest/client.ts'

export const CATEGORIES = ['categories']

/** All categories in their order; the list of prompts reads the same entry of the cache. */
export const allCategoriesQuery = queryOptions({
  queryKey: CATEGORIES,
  queryFn: async ({ signal }): Promise<Category[]> =>
    (await call('GET /api/categories', { signal })).categories,
})
