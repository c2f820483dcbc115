import { queryOptions } from '@tanstack/react-query'
import type { Repository, RepositoryPage } from '#lib/repositories/schema.ts'
import { call } from '#lib/rest/client.ts'

export const REPOSITORIES = ['repositories']
const PAGE = 200
/** While one is looked at, what came of it is asked for so often. */
const WAITING_MS = 2000

/** All repositories: `limits.repositories` keeps them few. */
export const repositoriesQuery = queryOptions({
  queryKey: REPOSITORIES,
  queryFn: async ({ signal }): Promise<Repository[]> => {
    const items: Repository[] = []
    let cursor: string | undefined
    do {
      const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) }
      const page: RepositoryPage = await call('GET /api/repositories', { query, signal })
      items.push(...page.items)
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    return items
  },
  refetchInterval: ({ state }) => (state.data?.some(({ waiting }) => waiting) === true ? WAITING_MS : false),
})
