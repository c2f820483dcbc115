import { queryOptions } from '@tanstack/react-query'
import type { RecentPrompt } from './recent-prompts.ts'

/** Most prompts that a search shows; who wants more refines it or goes to the list. */
const MOST = 8

/** The prompts that a text finds, the best first. The client comes when something is searched. */
export function foundPromptsQuery(text: string) {
  const q = text.trim()
  return queryOptions({
    queryKey: ['prompts', 'palette', q],
    queryFn: async ({ signal }): Promise<RecentPrompt[]> => {
      const { searchPrompts } = await import('./search-prompts.ts')
      return searchPrompts(q, MOST, signal)
    },
    enabled: q !== '',
  })
}
