import { queryOptions } from '@tanstack/react-query'
import type { Category } from '#lib/categories/schema.ts'

/** All categories in their order; the list of prompts reads the same entry of the cache. */
export const CATEGORIES = ['categories']

export const allCategoriesQuery = queryOptions({
  queryKey: CATEGORIES,
  queryFn: async ({ signal }): Promise<Category[]> => (await import('./read.ts')).readCategories(signal),
})
