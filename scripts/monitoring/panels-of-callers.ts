import { counts, levels, lines, quantile, quantiles, type RowPlan, rate, rates, stat } from './panel-plan.ts'

/* What callers see. */

const REQUESTS_TOTAL = 'incipit_requests_total'
const REQUEST_SECONDS = 'incipit_request_seconds'
const FAILED = ',status="5xx"'
const WITHOUT_MODELS = ',door=~"rest|mcp",route!~"POST /api/generations.*|tools/call"'

export const OVERVIEW: RowPlan = {
  title: 'Overview',
  panels: [
    stat('Instances ready', 'sum(incipit_ready{@})', { thresholds: [1, 0.5], isReversed: true }),
    stat('Requests', rate(REQUESTS_TOTAL, ''), { unit: 'reqps' }),
    stat(
      'Failing here (5xx)',
      `(${rate(REQUESTS_TOTAL, '', FAILED)} or vector(0)) / ${rate(REQUESTS_TOTAL, '')}`,
      { unit: 'percentunit', thresholds: [0.001, 0.01] },
    ),
    stat('p95 of REST and MCP', quantile(0.95, REQUEST_SECONDS, '', WITHOUT_MODELS), {
      description: 'Without requests that wait for a model',
      unit: 's',
      thresholds: [0.5, 1],
    }),
    stat('Cost of models, 24 hours', 'sum(increase(incipit_provider_cost_dollars_total{@}[24h]))', {
      unit: 'currencyUSD',
    }),
    stat('Oldest queued', 'max(incipit_queue_oldest_seconds{@})', {
      description: 'Generation that no process has begun',
      unit: 's',
      thresholds: [60, 300],
    }),
    stat('Oldest in the outbox', 'max(incipit_outbox_oldest_seconds{@})', {
      unit: 's',
      thresholds: [30, 120],
    }),
    stat('Database up', 'min(incipit_database_up{@})', { thresholds: [1, 0.5], isReversed: true }),
    {
      kind: 'table',
      title: 'What runs',
      width: 12,
      queries: [['max by (instance, version, commit, node) (incipit_build_info{@})', '']],
    },
    lines('Since the start of each process', [['time() - process_start_time_seconds{@}', '{{instance}}']], {
      unit: 's',
    }),
  ],
}

export const REQUESTS: RowPlan = {
  title: 'Requests',
  panels: [
    lines('Requests by door', [rates(REQUESTS_TOTAL, 'door')], { unit: 'reqps', isStacked: true }),
    lines('Requests by class of status', [rates(REQUESTS_TOTAL, 'status')], {
      unit: 'reqps',
      isStacked: true,
    }),
    lines('Time of REST', quantiles(REQUEST_SECONDS, '', [0.5, 0.95, 0.99], ',door="rest"'), { unit: 's' }),
    lines(
      'Slowest routes (p95)',
      [[`topk(10, ${quantile(0.95, REQUEST_SECONDS, 'route', ',door=~"rest|page"')})`, '{{route}}']],
      { unit: 's' },
    ),
    lines('What fails here', [rates(REQUESTS_TOTAL, 'route, outcome', FAILED)], {
      description: 'Requests that end with 5xx, by route and outcome',
      unit: 'reqps',
    }),
    lines(
      'Refused at the door',
      [
        [rate('incipit_credentials_refused_total', 'credential'), 'not valid: {{credential}}'],
        [rate('incipit_rate_limited_total', 'limit'), 'too many: {{limit}}'],
      ],
      { unit: 'reqps' },
    ),
    lines('Sign-ins', [counts('incipit_sign_ins_total', 'way, outcome')]),
    lines('Connections and streams', [
      ['sum(incipit_http_connections{@})', 'connections'],
      levels('sum', 'incipit_streams', 'kind', 'streams: '),
    ]),
  ],
}

export const MCP: RowPlan = {
  title: 'MCP',
  panels: [
    lines('Calls by method', [rates(REQUESTS_TOTAL, 'route', ',door="mcp"')], {
      unit: 'reqps',
      isStacked: true,
    }),
    lines('Time by method (p95)', [[quantile(0.95, REQUEST_SECONDS, 'route', ',door="mcp"'), '{{route}}']], {
      unit: 's',
    }),
    lines('Outcomes other than ok', [rates(REQUESTS_TOTAL, 'route, outcome', ',door="mcp",status!="2xx"')], {
      unit: 'reqps',
    }),
    lines('Uses by operation and surface', [rates('incipit_uses_total', 'operation, surface')], {
      unit: 'ops',
    }),
    lines('Reports of outcomes', [rates('incipit_outcomes_total', 'result')], {
      unit: 'ops',
    }),
  ],
}

const HITS = rate('incipit_cache_hits_total', 'cache')

export const RENDERS: RowPlan = {
  title: 'Renders and caches',
  panels: [
    lines('Renders', [rates('incipit_render_seconds_count', 'kind')], { unit: 'ops' }),
    lines('Time of renders', quantiles('incipit_render_seconds', 'kind', [0.5, 0.99]), { unit: 's' }),
    lines('Refused renders', [rates('incipit_renders_refused_total', 'kind, code, detail')], { unit: 'ops' }),
    lines(
      'Found in a cache',
      [[`${HITS} / (${HITS} + ${rate('incipit_cache_misses_total', 'cache')})`, '{{cache}}']],
      { unit: 'percentunit' },
    ),
    lines('Entries of caches', [levels('sum', 'incipit_cache_entries', 'cache')]),
    lines(
      'Memory of caches and of answers that wait for readers',
      [levels('sum', 'incipit_cache_bytes', 'cache'), ['sum(incipit_unsent_bytes{@})', 'unsent']],
      { unit: 'bytes' },
    ),
  ],
}
