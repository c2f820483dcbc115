import { queryOptions } from '@tanstack/react-query'
import { allItems } from '#components/rows/all-items.ts'
import type { Repository, RepositoryPage } from '#lib/repositories/schema.ts'
import { call } from '#lib/rest/client.ts'

export const REPOSITORIES = ['repositories']
/** While one is looked at, what came of it is asked for so often. */
const WAITING_MS = 2000

/** All repositories: `limits.repositories` keeps them few. */
export const repositoriesQuery = queryOptions({
  queryKey: REPOSITORIES,
  queryFn: ({ signal }): Promise<Repository[]> =>
    allItems((query): Promise<RepositoryPage> => call('GET /api/repositories', { query, signal })),
  refetchInterval: ({ state }) => (state.data?.some(({ waiting }) => waiting) === true ? WAITING_MS : false),
})
