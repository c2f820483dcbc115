import { addGauge, askedTogether } from '../../metrics.ts'
import { getRuntime } from '../../runtime.ts'

interface Row {
  workspace: string
  configuration: string
  token_quota: number | null
  cost_quota: number | null
  tokens: number
  cost: number
}

/** Of all workspaces; those that have used the largest share come first. */
const QUOTAS = `SELECT w.slug AS workspace, c.name AS configuration,
    c.monthly_token_quota::float8 AS token_quota, c.monthly_cost_quota::float8 AS cost_quota,
    coalesce(s.tokens, 0)::float8 AS tokens, coalesce(s.cost, 0)::float8 AS cost
  FROM ai_configuration c
  JOIN workspace w ON w.id = c.workspace_id
  LEFT JOIN ai_spending s ON s.workspace_id = c.workspace_id AND s.subject = 'configuration:' || c.id
    AND s.period = 'month' AND s.starts_at = date_trunc('month', now(), 'UTC')
  WHERE c.active AND (c.monthly_token_quota IS NOT NULL OR c.monthly_cost_quota IS NOT NULL)
  ORDER BY greatest(s.tokens / nullif(c.monthly_token_quota, 0)::numeric, s.cost / nullif(c.monthly_cost_quota, 0))
    DESC NULLS LAST, c.id
  LIMIT $1`

/** A quota as the metrics have it: what was used of it, and what it allows. */
interface Quota {
  labels: { workspace: string; configuration: string; quota: 'tokens' | 'dollars' }
  used: number
  limit: number
}

function quotasOf({ workspace, configuration, ...row }: Row): Quota[] {
  const of = (quota: 'tokens' | 'dollars', used: number, limit: number | null): Quota[] =>
    limit === null ? [] : [{ labels: { workspace, configuration, quota }, used, limit }]
  return [...of('tokens', row.tokens, row.token_quota), ...of('dollars', row.cost, row.cost_quota)]
}

/**
 * Adds to /metrics what configurations have used of their quotas this month, calls under way included; every instance
 * tells the same.
 */
export function addQuotaMetrics(): void {
  const ask = askedTogether<Row>(() => ({
    name: 'limits.quotas',
    text: QUOTAS,
    values: [getRuntime().config.limits.metrics_configurations],
  }))
  const add = (name: string, help: string, pick: (quota: Quota) => number) =>
    addGauge({
      name,
      help: `${help}; quota: tokens, dollars`,
      labelNames: ['workspace', 'configuration', 'quota'],
      async collect() {
        const rows = await ask()
        if (rows === undefined) return
        this.reset()
        for (const quota of rows.flatMap(quotasOf)) this.set(quota.labels, pick(quota))
      },
    })
  add(
    'incipit_quota_used',
    'What a configuration has used of a quota since the month began (UTC)',
    ({ used }) => used,
  )
  add('incipit_quota_limit', 'What a quota of a configuration allows in a month', ({ limit }) => limit)
}
