import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Generation } from '#lib/generations/schema.ts'
import type { OutcomePage, Quality } from '#lib/outcomes/schema.ts'
import { call } from '#lib/rest/client.ts'
import { type QualityState, toQualityQuery } from './quality-state.ts'

/** Notes on each page. */
const NOTES = 20
/** More is not said of one generation at a time. */
const RATINGS = 100

/** What was said of a generation; of one that nobody has rated nothing is asked for. */
export function ratingsQuery({ id, ratings }: Pick<Generation, 'id' | 'ratings'>) {
  const isUnrated = ratings.successes + ratings.failures === 0
  return queryOptions({
    queryKey: ['outcomes', 'of generation', id],
    queryFn: ({ signal }): Promise<OutcomePage> =>
      call('GET /api/outcomes', { query: { generation: id, limit: RATINGS }, signal }),
    staleTime: 60_000,
    ...(isUnrated && { initialData: { items: [], next_cursor: null } }),
  })
}

/** How the versions of a prompt did, under this state. */
export function qualityQuery(name: string, state: QualityState) {
  return queryOptions({
    queryKey: ['outcomes', 'quality', name, state],
    queryFn: ({ signal }): Promise<Quality> =>
      call('GET /api/prompts/{name}/quality', {
        params: { name },
        query: toQualityQuery(state, new Date()),
        signal,
      }),
    refetchInterval: 60_000,
  })
}

/** The failures of a version, the newest first, with what was said of them. */
export function failuresQuery(prompt: string, version: number, state: QualityState) {
  return infiniteQueryOptions({
    queryKey: ['outcomes', 'failures', prompt, version, state],
    queryFn: ({ pageParam, signal }): Promise<OutcomePage> => {
      // A cursor belongs to the day that the range begins with, which is the same until midnight.
      const narrowed = { ...toQualityQuery(state, new Date()), prompt, version, outcome: 'failure' as const }
      const later = pageParam !== null && { cursor: pageParam }
      return call('GET /api/outcomes', { query: { ...narrowed, limit: NOTES, ...later }, signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: OutcomePage) => last.next_cursor,
  })
}
