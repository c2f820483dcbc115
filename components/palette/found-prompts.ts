import { queryOptions } from '@tanstack/react-query'
import { part } from '#components/ui/part.ts'
import type { RecentPrompt } from './recent-prompts.ts'

const loadSearchPrompts = part(() => import('./search-prompts.ts'))

/** Most prompts that a search shows; who wants more refines it or goes to the list. */
const MOST = 8

/** The prompts that a text finds, the best first. The client comes when something is searched. */
export function foundPromptsQuery(text: string) {
  const q = text.trim()
  return queryOptions({
    queryKey: ['prompts', 'palette', q],
    queryFn: async ({ signal }): Promise<RecentPrompt[]> => {
      const { searchPrompts } = await loadSearchPrompts()
      return searchPrompts(q, MOST, signal)
    },
    enabled: q !== '',
  })
}
