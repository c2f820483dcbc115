import { queryOptions } from '@tanstack/react-query'
import { part } from '#components/ui/part.ts'
import type { Stats, Timeseries } from '#lib/usage/schema.ts'
import { type Offers, offersOf } from './offers.ts'
import { customDays, dayIn, spanOf } from './span.ts'
import { toStatsQuery, toTimeseriesQuery, type UsageState } from './usage-state.ts'

/** What one page of usage shows. */
export interface Usage {
  stats: Stats
  series: Timeseries
}

/** Rows of each ranking. */
export const RANKING_ROWS = 100
/** Names that the filters offer. */
export const OFFERED = 200
const REFRESH_MS = 30_000

/** The page shows without it: the client and the schemas come when something is read again. */
const client = part(() => import('./read.ts'))

/** The part of the state that another answer belongs to; sorting and ranking are done here. */
function keyOf({ range, from, to, prompt, version, surface, client: name, by }: UsageState) {
  return { range, from, to, prompt, version, surface, client: name, by }
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
      const { readStats, readTimeseries } = await client()
      const [stats, series] = await Promise.all([
        readStats({ ...toStatsQuery(asked, span), limit: RANKING_ROWS }, signal),
        readTimeseries(toTimeseriesQuery(asked, span, zone, page !== undefined), signal),
      ])
      return { stats, series }
    },
    refetchInterval: hasEnded(asked, zone) ? false : REFRESH_MS,
  })
}

function hasEnded(state: UsageState, zone: string): boolean {
  const days = customDays(state)
  return days !== undefined && days.to < dayIn(new Date(), zone)
}

/** Names that the filters can offer: whatever was used in the span. */
export function offersQuery(state: UsageState, zone: string, page: string | undefined) {
  const { range, from, to } = state
  const prompt = page ?? state.prompt
  return queryOptions({
    queryKey: ['usage', 'offers', { range, from, to, prompt: prompt ?? null }, zone],
    queryFn: async ({ signal }): Promise<Offers> => {
      const { from: start, to: end } = spanOf(state, zone, new Date())
      const { readStats } = await client()
      const [all, ofPrompt] = await Promise.all([
        page === undefined ? readStats({ from: start, to: end, limit: OFFERED }, signal) : undefined,
        prompt === null ? undefined : readStats({ from: start, to: end, prompt, limit: OFFERED }, signal),
      ])
      return offersOf(all, ofPrompt)
    },
    staleTime: 60_000,
  })
}
