import { queryOptions } from '@tanstack/react-query'
import { part } from '#components/ui/part.ts'
import type { AIConfiguration } from '#lib/ai/schema.ts'

const loadRead = part(() => import('./read.ts'))

/** All AI configurations, by name. */
export const CONFIGURATIONS = ['configurations']

export const configurationsQuery = queryOptions({
  queryKey: CONFIGURATIONS,
  queryFn: async ({ signal }): Promise<AIConfiguration[]> => (await loadRead()).readConfigurations(signal),
})
