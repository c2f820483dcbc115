import { redirect } from 'next/navigation'
import { RANKING_ROWS, usageOf } from '#components/usage/queries.ts'
import { comparedSpan, spanOf } from '#components/usage/span.ts'
import type { UsageDashboardProps } from '#components/usage/usage-dashboard.tsx'
import {
  NARROWING,
  offersOf,
  toComparedQuery,
  toStatsQuery,
  toTimeseriesQuery,
  type UsageState,
  usageHref,
} from '#components/usage/usage-state.ts'
import { isAppError } from '#lib/errors.ts'
import { getStats } from '#lib/usage/operations/get-stats.ts'
import { getTimeseries } from '#lib/usage/operations/get-timeseries.ts'
import { getUsedNames } from '#lib/usage/operations/get-used-names.ts'
import { readForPage, readTimeZone } from '../read.ts'

/**
 * The first reading of a page of usage, in the time zone that the reader's browser told last time.
 * @param page the prompt whose own page it is
 */
export async function readUsage(state: UsageState, page?: string): Promise<UsageDashboardProps['first']> {
  const own = await readTimeZone()
  const zone = state.tz ?? own
  const now = new Date()
  const span = spanOf(state, zone, now)
  const asked = page === undefined ? state : { ...state, prompt: page }
  const { from, to } = span
  try {
    const before = state.compare === null ? undefined : comparedSpan(span, state.compare, zone)
    // What is shown without a filter says what filters offer.
    const isWhole = NARROWING.every((name) => asked[name] === null)
    const [stats, series, all, ofPrompt, compared, past] = await readForPage((actor) =>
      Promise.all([
        getStats(actor, { ...toStatsQuery(asked, span), limit: RANKING_ROWS }),
        getTimeseries(actor, toTimeseriesQuery(asked, span, zone, page !== undefined)),
        page === undefined && !isWhole ? getUsedNames(actor, { from, to, limit: RANKING_ROWS }) : undefined,
        asked.prompt === null
          ? undefined
          : getUsedNames(actor, { from, to, prompt: asked.prompt, limit: RANKING_ROWS }),
        before && getTimeseries(actor, toComparedQuery(asked, before, zone)),
        before && state.compare === 'year' && getStats(actor, { ...toStatsQuery(asked, before), limit: 1 }),
      ]),
    )
    const usage = usageOf(stats, series, compared, past || undefined)
    const offers = offersOf(isWhole ? stats : all, ofPrompt)
    return { state, zone: own, usage, offers, readAt: now.getTime() }
  } catch (error) {
    // The address names a prompt that is not there any more: everything else is.
    if (page === undefined && state.prompt !== null && isAppError(error) && error.code === 'not_found')
      redirect(usageHref({ ...state, prompt: null, version: null }))
    throw error
  }
}
