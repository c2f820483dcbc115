import { queryOptions } from '@tanstack/react-query'
import type { System } from '#lib/health/system-schema.ts'
import { call } from '#lib/rest/client.ts'

/** How often an open page asks again. */
const REFRESH_MS = 5_000

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }): Promise<System> => call('GET /api/system', { signal }),
  refetchInterval: REFRESH_MS,
})
