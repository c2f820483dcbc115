import { redirect } from 'next/navigation'
import { spanOf } from '#components/spans/span.ts'
import { RANKING_ROWS, readUsed } from '#components/usage/queries.ts'
import type { UsageDashboardProps } from '#components/usage/usage-dashboard.tsx'
import { NARROWING, offersOf, type UsageState, usageHref } from '#components/usage/usage-state.ts'
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
  const asked = page === undefined ? state : { ...state, prompt: page }
  const { from, to } = spanOf(state, zone, now)
  try {
    // What is shown without a filter says what filters offer.
    const isWhole = NARROWING.every((name) => asked[name] === null)
    const [usage, all, ofPrompt] = await readForPage((actor) =>
      Promise.all([
        readUsed(
          { stats: (query) => getStats(actor, query), series: (query) => getTimeseries(actor, query) },
          asked,
          { zone, now, page },
        ),
        page === undefined && !isWhole ? getUsedNames(actor, { from, to, limit: RANKING_ROWS }) : undefined,
        asked.prompt === null
          ? undefined
          : getUsedNames(actor, { from, to, prompt: asked.prompt, limit: RANKING_ROWS }),
      ]),
    )
    const offers = offersOf(isWhole ? usage.stats : all, ofPrompt)
    return { state, zone: own, usage, offers, readAt: now.getTime() }
  } catch (error) {
    // The address names a prompt that is not there any more: everything else is.
    if (page === undefined && state.prompt !== null && isAppError(error) && error.code === 'not_found')
      redirect(usageHref({ ...state, prompt: null, version: null }))
    throw error
  }
}
