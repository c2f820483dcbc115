import { quantile, quantiles, type RowPlan, rate } from './panel-plan.ts'

/* What callers see. */

export const OVERVIEW: RowPlan = {
  title: 'Overview',
  panels: [
    {
      kind: 'stat',
      title: 'Instances ready',
      width: 3,
      thresholds: [1, 0.5],
      isReversed: true,
      queries: [['sum(incipit_ready{@})', '']],
    },
    {
      kind: 'stat',
      title: 'Requests',
      unit: 'reqps',
      width: 3,
      queries: [[rate('incipit_requests_total', ''), '']],
    },
    {
      kind: 'stat',
      title: 'Failing here (5xx)',
      unit: 'percentunit',
      width: 3,
      thresholds: [0.001, 0.01],
      queries: [
        [
          `(${rate('incipit_requests_total', '', ',status="5xx"')} or vector(0)) / ${rate('incipit_requests_total', '')}`,
          '',
        ],
      ],
    },
    {
      kind: 'stat',
      title: 'p95 of REST and MCP',
      description: 'Without requests that wait for a model',
      unit: 's',
      width: 3,
      thresholds: [0.5, 1],
      queries: [
        [
          quantile(
            0.95,
            'incipit_request_seconds',
            '',
            ',door=~"rest|mcp",route!~"POST /api/generations.*|tools/call"',
          ),
          '',
        ],
      ],
    },
    {
      kind: 'stat',
      title: 'Cost of models, 24 hours',
      unit: 'currencyUSD',
      width: 3,
      queries: [['sum(increase(incipit_provider_cost_dollars_total{@}[24h]))', '']],
    },
    {
      kind: 'stat',
      title: 'Oldest queued',
      description: 'Generation that no process has begun',
      unit: 's',
      width: 3,
      thresholds: [60, 300],
      queries: [['max(incipit_queue_oldest_seconds{@})', '']],
    },
    {
      kind: 'stat',
      title: 'Oldest in the outbox',
      unit: 's',
      width: 3,
      thresholds: [30, 120],
      queries: [['max(incipit_outbox_oldest_seconds{@})', '']],
    },
    {
      kind: 'stat',
      title: 'Database up',
      width: 3,
      thresholds: [1, 0.5],
      isReversed: true,
      queries: [['min(incipit_database_up{@})', '']],
    },
    {
      kind: 'table',
      title: 'What runs',
      width: 12,
      queries: [['max by (instance, version, commit, node) (incipit_build_info{@})', '']],
    },
    {
      kind: 'timeseries',
      title: 'Since the start of each process',
      unit: 's',
      queries: [['time() - process_start_time_seconds{@}', '{{instance}}']],
    },
  ],
}

export const REQUESTS: RowPlan = {
  title: 'Requests',
  panels: [
    {
      kind: 'timeseries',
      title: 'Requests by door',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate('incipit_requests_total', 'door'), '{{door}}']],
    },
    {
      kind: 'timeseries',
      title: 'Requests by class of status',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate('incipit_requests_total', 'status'), '{{status}}']],
    },
    {
      kind: 'timeseries',
      title: 'Time of REST',
      unit: 's',
      queries: quantiles('incipit_request_seconds', ',door="rest"'),
    },
    {
      kind: 'timeseries',
      title: 'Slowest routes (p95)',
      unit: 's',
      queries: [
        [
          `topk(10, ${quantile(0.95, 'incipit_request_seconds', 'route', ',door=~"rest|page"')})`,
          '{{route}}',
        ],
      ],
    },
    {
      kind: 'timeseries',
      title: 'What fails here',
      description: 'Requests that end with 5xx, by route and outcome',
      unit: 'reqps',
      queries: [[rate('incipit_requests_total', 'route, outcome', ',status="5xx"'), '{{route}} {{outcome}}']],
    },
    {
      kind: 'timeseries',
      title: 'Refused at the door',
      unit: 'reqps',
      queries: [
        [rate('incipit_credentials_refused_total', 'credential'), 'not valid: {{credential}}'],
        [rate('incipit_rate_limited_total', 'limit'), 'too many: {{limit}}'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Sign-ins',
      queries: [['sum by (way, outcome) (increase(incipit_sign_ins_total{@}[RATE]))', '{{way}} {{outcome}}']],
    },
    {
      kind: 'timeseries',
      title: 'Connections and streams',
      queries: [
        ['sum(incipit_http_connections{@})', 'connections'],
        ['sum by (kind) (incipit_streams{@})', 'streams: {{kind}}'],
      ],
    },
  ],
}

export const MCP: RowPlan = {
  title: 'MCP',
  panels: [
    {
      kind: 'timeseries',
      title: 'Calls by method',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate('incipit_requests_total', 'route', ',door="mcp"'), '{{route}}']],
    },
    {
      kind: 'timeseries',
      title: 'Time by method (p95)',
      unit: 's',
      queries: [[quantile(0.95, 'incipit_request_seconds', 'route', ',door="mcp"'), '{{route}}']],
    },
    {
      kind: 'timeseries',
      title: 'Outcomes other than ok',
      unit: 'reqps',
      queries: [
        [
          rate('incipit_requests_total', 'route, outcome', ',door="mcp",status!="2xx"'),
          '{{route}} {{outcome}}',
        ],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Uses by operation and surface',
      unit: 'ops',
      queries: [[rate('incipit_uses_total', 'operation, surface'), '{{operation}} {{surface}}']],
    },
    {
      kind: 'timeseries',
      title: 'Reports of outcomes',
      unit: 'ops',
      queries: [[rate('incipit_outcomes_total', 'result'), '{{result}}']],
    },
  ],
}

export const RENDERS: RowPlan = {
  title: 'Renders and caches',
  panels: [
    {
      kind: 'timeseries',
      title: 'Renders',
      unit: 'ops',
      queries: [[rate('incipit_render_seconds_count', 'kind'), '{{kind}}']],
    },
    {
      kind: 'timeseries',
      title: 'Time of renders',
      unit: 's',
      queries: [
        [quantile(0.5, 'incipit_render_seconds', 'kind'), 'p50 {{kind}}'],
        [quantile(0.99, 'incipit_render_seconds', 'kind'), 'p99 {{kind}}'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Refused renders',
      unit: 'ops',
      queries: [
        [rate('incipit_renders_refused_total', 'kind, code, detail'), '{{kind}} {{code}} {{detail}}'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Found in a cache',
      unit: 'percentunit',
      queries: [
        [
          `${rate('incipit_cache_hits_total', 'cache')} / (${rate('incipit_cache_hits_total', 'cache')} + ${rate('incipit_cache_misses_total', 'cache')})`,
          '{{cache}}',
        ],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Entries of caches',
      queries: [['sum by (cache) (incipit_cache_entries{@})', '{{cache}}']],
    },
    {
      kind: 'timeseries',
      title: 'Memory of caches and of answers that wait for readers',
      unit: 'bytes',
      queries: [
        ['sum by (cache) (incipit_cache_bytes{@})', '{{cache}}'],
        ['sum(incipit_unsent_bytes{@})', 'unsent'],
      ],
    },
  ],
}
