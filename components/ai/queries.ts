import { queryOptions } from '@tanstack/react-query'
import { allItems } from '#components/rows/all-items.ts'
import type { AIConfiguration, ConfigurationPage } from '#lib/ai/schema.ts'
import { call } from '#lib/rest/client.ts'

export const CONFIGURATIONS = ['configurations']

/** All AI configurations, by name: page after page, as there are few. */
export const configurationsQuery = queryOptions({
  queryKey: CONFIGURATIONS,
  queryFn: ({ signal }): Promise<AIConfiguration[]> =>
    allItems(
      ({ cursor }): Promise<ConfigurationPage> =>
        call('GET /api/ai/configurations', { query: { cursor }, signal }),
    ),
})
