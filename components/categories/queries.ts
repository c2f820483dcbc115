import { queryOptions } from '@tanstack/react-query'
import { part } from '#components/ui/part.ts'
import type { Category } from '#lib/categories/schema.ts'

const loadRead = part(() => import('./read.ts'))

/** All categories in their order; the list of prompts reads the same entry of the cache. */
export const CATEGORIES = ['categories']

export const allCategoriesQuery = queryOptions({
  queryKey: CATEGORIES,
  queryFn: async ({ signal }): Promise<Category[]> => (await loadRead()).readCategories(signal),
})
