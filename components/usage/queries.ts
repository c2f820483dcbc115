import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type Comparison, comparedSpan, spanOf } from '#components/spans/span.ts'
import { call } from '#lib/rest/client.ts'
import { RANKING_ROWS_MAX } from '#lib/usage/rules.ts'
import type { Stats, Timeseries, TimeseriesPoint } from '#lib/usage/schema.ts'
import type { Compared } from './compared-points.ts'
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
  /** The span that it is compared with, when one is chosen. */
  compared?: ComparedUsage
}

interface ComparedUsage extends Compared<TimeseriesPoint> {
  totals: Stats['totals']
}

/** Rows of each table, and names that the filters offer: the page is no larger than a slow network bears. */
export const RANKING_ROWS = 50
const REFRESH_MS = 30_000

/** The rankings of a span for files: as many rows of each as one answer has. */
export function readRankings(query: Partial<ReturnType<typeof toStatsQuery>>): Promise<Stats> {
  return call('GET /api/stats', { query: { ...query, limit: RANKING_ROWS_MAX } })
}

/** How what a page shows is read: by the browser over REST, by the server at once. */
export interface Readers {
  stats: (query: ReturnType<typeof toStatsQuery> & { limit: number }) => Promise<Stats>
  series: (query: ReturnType<typeof toTimeseriesQuery>) => Promise<Timeseries>
}

/** Figures and time line of a span, and those of the span that it is compared with. */
export async function readUsed(
  read: Readers,
  state: UsageState,
  at: { zone: string; now: Date; page: string | undefined },
): Promise<Usage> {
  const { zone, now, page } = at
  const { compare } = state
  const span = spanOf(state, zone, now)
  const readCompared = async (comparison: Comparison): Promise<ComparedUsage> => {
    const before = comparedSpan(span, comparison, zone)
    const [{ totals }, series] = await Promise.all([
      read.stats({ ...toStatsQuery(state, before), limit: 1 }),
      read.series(toComparedQuery(state, before, zone)),
    ])
    return { with: comparison, totals, series }
  }
  const [stats, series, compared] = await Promise.all([
    read.stats({ ...toStatsQuery(state, span), limit: RANKING_ROWS }),
    read.series(toTimeseriesQuery(state, span, zone, page !== undefined)),
    compare === null ? undefined : readCompared(compare),
  ])
  return { stats, series, ...(compared !== undefined && { compared }) }
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
    queryFn: ({ signal }): Promise<Usage> => {
      const read: Readers = {
        stats: (query) => call('GET /api/stats', { query, signal }),
        series: (query) => call('GET /api/stats/timeseries', { query, signal }),
      }
      return readUsed(read, asked, { zone, now: new Date(), page })
    },
    refetchInterval: hasEnded(asked, zone) ? false : REFRESH_MS,
  })
}

function hasEnded(state: UsageState, zone: string): boolean {
  const now = new Date()
  return Date.parse(spanOf(state, zone, now).to) < now.getTime()
}

/** How many reasons there are for what failed under a state, in the span of what was read. */
export function reasonCountQuery({ from, to }: Stats, state: UsageState, page: string | undefined) {
  const query = {
    ...toStatsQuery(page === undefined ? state : { ...state, prompt: page }, { from, to }),
    limit: 1,
  }
  return queryOptions({
    queryKey: ['usage', 'reasons', query],
    queryFn: async ({ signal }) => {
      const { count, more } = await call('GET /api/stats/failures', { query, signal })
      return { count, more }
    },
    // A span up to now moves on each half minute: the count before it stays in sight meanwhile.
    placeholderData: keepPreviousData,
  })
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
