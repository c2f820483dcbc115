import { queryOptions } from '@tanstack/react-query'
import type { AIConfiguration, ConfigurationPage } from '#lib/ai/schema.ts'
import { call } from '#lib/rest/client.ts'

export const CONFIGURATIONS = ['configurations']

/** All AI configurations, by name: page after page, as there are few. */
export const configurationsQuery = queryOptions({
  queryKey: CONFIGURATIONS,
  queryFn: async ({ signal }): Promise<AIConfiguration[]> => {
    const items: AIConfiguration[] = []
    let cursor: string | undefined
    do {
      const page: ConfigurationPage = await call('GET /api/ai/configurations', { query: { cursor }, signal })
      items.push(...page.items)
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    return items
  },
})
