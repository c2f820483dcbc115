import { queryOptions } from '@tanstack/react-query'
import { comparedSpan, type Span, spanOf } from '#components/spans/span.ts'
import { call } from '#lib/rest/client.ts'
import type { Spending } from '#lib/usage/spending-schema.ts'
import { colorOf, type Series, valueOfKey } from '../charts/series.ts'
import type { Compared } from '../compared-points.ts'
import { toStatsQuery, type UsageState } from '../usage-state.ts'

const ROWS = 50
const REFRESH_MS = 60_000

/** What a page shows of costs. */
export interface SpendingRead {
  spending: Spending
  /** The span that it is compared with, when one is chosen. */
  compared?: Compared<SpendingPoint> & { totals: Spending['totals'] }
}
type SpendingPoint = Spending['points'][number]

/** What generations cost under this state; read after the page, which does not wait for it. */
export function spendingQuery(state: UsageState, zone: string, page: string | undefined) {
  const asked = page === undefined ? state : { ...state, prompt: page }
  const by = state.spend ?? (page === undefined ? 'prompt' : 'version')
  const { range, from, to, prompt, version, surface, client, compare } = asked
  const measure = asked.measure ?? 'cost'
  return queryOptions({
    queryKey: ['spending', { range, from, to, prompt, version, surface, client, by, measure, compare }, zone],
    queryFn: async ({ signal }): Promise<SpendingRead> => {
      const span = spanOf(asked, zone, new Date())
      const read = ({ interval, ...ends }: Span, limit: number) =>
        call('GET /api/stats/spending', {
          query: { ...toStatsQuery(asked, ends), by, measure, interval, timezone: zone, limit },
          signal,
        })
      const [spending, before] = await Promise.all([
        read(span, ROWS),
        compare === null ? undefined : read(comparedSpan(span, compare, zone), 1),
      ])
      if (before === undefined || compare === null) return { spending }
      return { spending, compared: { with: compare, series: before, totals: before.totals } }
    },
    refetchInterval: REFRESH_MS,
  })
}

/** Cost or tokens of each point, by the keys of the split; those without a key of their own are the rest. */
export function seriesOf({ keys, points, rows, by }: Spending): Series[] {
  const names = new Map(rows.map(({ key, name }) => [key, name]))
  const shown = keys.length === 0 ? ['other'] : keys
  return shown.map((key, index) => {
    const values = points.map((point) => valueOfKey(point, key))
    return {
      key,
      name: key === 'other' ? 'Other' : (names.get(key) ?? key) || `no ${by}`,
      color: colorOf(index, key),
      values,
      whole: values.reduce((sum, value) => sum + value, 0),
    }
  })
}
