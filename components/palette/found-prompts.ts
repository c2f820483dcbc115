import { queryOptions } from '@tanstack/react-query'
import { call } from '#lib/rest/client.ts'
import type { RecentPrompt } from './recent-prompts.ts'

/** Most prompts that a search shows; who wants more refines it or goes to the list. */
const MOST = 8

/** The prompts whose name, title, description or text a text finds, the best first. */
export function foundPromptsQuery(text: string) {
  const q = text.trim()
  return queryOptions({
    queryKey: ['prompts', 'palette', q],
    queryFn: async ({ signal }): Promise<RecentPrompt[]> => {
      const { items } = await call('GET /api/prompts', { query: { q, limit: MOST }, signal })
      return items.map(({ name, title }) => ({ name, title: title ?? '' }))
    },
    enabled: q !== '',
  })
}
