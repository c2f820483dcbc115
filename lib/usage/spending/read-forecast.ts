import type { Pool } from 'pg'
import type { Forecast, SpendingQuota } from '../spending-schema.ts'
import {
  courseOf,
  type Days,
  endOfMonth,
  expectedOf,
  knownDays,
  lookBackFrom,
  type Outlook,
  outlook,
  reachedAt,
  startOfMonth,
} from './forecast.ts'
import { type DaySums, readConfigurationDays, readDays } from './spending-queries.ts'
import type { SpendingFilter } from './spending-source.ts'

type Kind = SpendingQuota['quota']

/** What the filters leave of the month that runs, with what it will be; null when too little is known. */
export async function readForecast(
  pool: Pool,
  filter: SpendingFilter,
  now = new Date(),
): Promise<Forecast | null> {
  const rows = await readDays(pool, { ...filter, from: lookBackFrom(now), to: now })
  const days = { cost: daysOf(rows, 'cost'), tokens: daysOf(rows, 'tokens') }
  // Tokens are known where no price is.
  const known = knownDays(days.tokens, now)
  const views = { cost: outlook(days.cost, now, known), tokens: outlook(days.tokens, now, known) }
  if (views.cost === undefined || views.tokens === undefined) return null
  return {
    month: new Date(startOfMonth(now)).toISOString(),
    ends_at: new Date(endOfMonth(now)).toISOString(),
    method: views.tokens.method,
    days: views.tokens.days,
    cost: expectedOf(days.cost, now, views.cost),
    tokens: expectedOf(days.tokens, now, views.tokens),
  }
}

interface QuotaRow {
  id: string
  name: string
  cost_limit: number | null
  tokens_limit: number | null
  cost: number
  tokens: number
}

const QUOTAS = `SELECT c.id, c.name, c.monthly_cost_quota::float8 AS cost_limit,
    c.monthly_token_quota::float8 AS tokens_limit, coalesce(m.cost, 0)::float8 AS cost,
    coalesce(m.tokens, 0)::float8 AS tokens
  FROM ai_configuration c LEFT JOIN ai_spending m ON m.workspace_id = c.workspace_id
    AND m.subject = 'configuration:' || c.id AND m.period = 'month' AND m.starts_at = date_trunc('month', $3::timestamptz, 'UTC')
  WHERE c.workspace_id = $1 AND c.active AND ($2::text IS NULL OR c.name = $2)
    AND (c.monthly_cost_quota IS NOT NULL OR c.monthly_token_quota IS NOT NULL)
  ORDER BY c.name`

/** What configurations with a quota have used of it, and when it will be used up. */
export async function readQuotas(
  pool: Pool,
  { workspaceId, configuration }: SpendingFilter,
  now = new Date(),
): Promise<SpendingQuota[]> {
  const { rows } = await pool.query<QuotaRow>(QUOTAS, [workspaceId, configuration ?? null, now])
  if (rows.length === 0) return []
  const all = { workspaceId, from: lookBackFrom(now), to: now }
  const ids = rows.map(({ id }) => id)
  const spent = Map.groupBy(await readConfigurationDays(pool, all, ids), ({ id }) => id)
  return rows.flatMap((row) => {
    const days = spent.get(row.id) ?? []
    const known = knownDays(daysOf(days, 'tokens'), now)
    const of = (quota: Kind, limit: number | null): SpendingQuota[] =>
      limit === null ? [] : [quotaOf(row, { quota, limit, days: daysOf(days, quota), known, now })]
    return [...of('cost', row.cost_limit), ...of('tokens', row.tokens_limit)]
  })
}

interface QuotaFacts {
  quota: Kind
  limit: number
  days: Days
  known: number
  now: Date
}

function quotaOf(row: QuotaRow, { quota, limit, days, known, now }: QuotaFacts): SpendingQuota {
  const view: Outlook | undefined = outlook(days, now, known)
  const used = row[quota]
  const reached = reachedAt(used, limit, now, view)
  return {
    configuration: row.name,
    quota,
    limit,
    used,
    expected: view === undefined ? null : used + grows(days, now, view),
    reached_at: reached === null ? null : reached.toISOString(),
    course: courseOf(days, used, now, view),
  }
}

function grows(days: Days, now: Date, view: Outlook): number {
  const { spent, expected } = expectedOf(days, now, view)
  return expected - spent
}

function daysOf(rows: readonly DaySums[], kind: Kind): Map<number, number> {
  return new Map(rows.map((row) => [row.time.getTime(), Number(row[kind])]))
}
