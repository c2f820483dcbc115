import { queryOptions } from '@tanstack/react-query'
import { call } from '#lib/rest/client.ts'
import type { Stats, Timeseries } from '#lib/usage/schema.ts'
import { comparedSpan, spanOf } from './span.ts'
import {
  type Offers,
  offersOf,
  toComparedQuery,
  toStatsQuery,
  toTimeseriesQuery,
  type UsageState,
} from './usage-state.ts'

/** The data of one page of usage. */
export interface Usage {
  stats: Stats
  series: Timeseries
  /** Over the span that it is compared with. */
  compared?: Timeseries
  /** The figures of the same span a year before, where that is what it is compared with. */
  before?: Stats['totals']
}

/** Rows of each table, and names that the filters offer: the page is no larger than a slow network bears. */
export const RANKING_ROWS = 50
const REFRESH_MS = 30_000

/** What a page shows, out of what was read for it. */
export function usageOf(
  stats: Stats,
  series: Timeseries,
  compared: Timeseries | undefined,
  past: Stats | undefined,
): Usage {
  return {
    stats,
    series,
    ...(compared !== undefined && { compared }),
    ...(past !== undefined && { before: past.totals }),
  }
}

/** The part of the state that another answer belongs to; sorting and ranking are done here. */
function keyOf({ range, from, to, prompt, version, surface, client: name, by, compare }: UsageState) {
  return { range, from, to, prompt, version, surface, client: name, by, compare }
}

/**
 * Figures and time line under this state, read anew each half minute while the page is seen: the span up to
 * now moves with the clock. A span that has ended is read once.
 * @param page the prompt whose own page this is
 */
export function usageQuery(state: UsageState, zone: string, page: string | undefined) {
  const asked = page === undefined ? state : { ...state, prompt: page }
  return queryOptions({
    queryKey: ['usage', page ?? null, keyOf(asked), zone],
    queryFn: async ({ signal }): Promise<Usage> => {
      const span = spanOf(asked, zone, new Date())
      const before = asked.compare === null ? undefined : comparedSpan(span, asked.compare, zone)
      const [stats, series, compared, past] = await Promise.all([
        call('GET /api/stats', { query: { ...toStatsQuery(asked, span), limit: RANKING_ROWS }, signal }),
        call('GET /api/stats/timeseries', {
          query: toTimeseriesQuery(asked, span, zone, page !== undefined),
          signal,
        }),
        before && call('GET /api/stats/timeseries', { query: toComparedQuery(asked, before, zone), signal }),
        // The span just before is in the statistics themselves.
        before &&
          asked.compare === 'year' &&
          call('GET /api/stats', { query: { ...toStatsQuery(asked, before), limit: 1 }, signal }),
      ])
      return usageOf(stats, series, compared, past || undefined)
    },
    refetchInterval: hasEnded(asked, zone) ? false : REFRESH_MS,
  })
}

function hasEnded(state: UsageState, zone: string): boolean {
  const now = new Date()
  return Date.parse(spanOf(state, zone, now).to) < now.getTime()
}

/** Names that the filters can offer: whatever was used in the span. */
export function offersQuery(state: UsageState, zone: string, page: string | undefined) {
  const { range, from, to } = state
  const prompt = page ?? state.prompt
  return queryOptions({
    queryKey: ['usage', 'offers', { range, from, to, prompt: prompt ?? null }, zone],
    queryFn: async ({ signal }): Promise<Offers> => {
      const { from: start, to: end } = spanOf(state, zone, new Date())
      const query = { from: start, to: end, limit: RANKING_ROWS }
      const [all, ofPrompt] = await Promise.all([
        page === undefined ? call('GET /api/stats', { query, signal }) : undefined,
        prompt === null ? undefined : call('GET /api/stats', { query: { ...query, prompt }, signal }),
      ])
      return offersOf(all, ofPrompt)
    },
    staleTime: 60_000,
  })
}
