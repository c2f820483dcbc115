import { queryOptions } from '@tanstack/react-query'
import type { AIConfiguration } from '#lib/ai/schema.ts'

/** All AI configurations, by name. */
export const CONFIGURATIONS = ['configurations']

export const configurationsQuery = queryOptions({
  queryKey: CONFIGURATIONS,
  queryFn: async ({ signal }): Promise<AIConfiguration[]> =>
    (await import('./read.ts')).readConfigurations(signal),
})
