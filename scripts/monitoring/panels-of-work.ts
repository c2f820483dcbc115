import { quantile, type RowPlan, rate } from './panel-plan.ts'

/* What works behind it. */

export const DATABASE: RowPlan = {
  title: 'Database',
  panels: [
    {
      kind: 'timeseries',
      title: 'Connections of the pools',
      queries: [
        ['sum by (state) (incipit_database_connections{@})', '{{state}}'],
        ['sum(incipit_database_connections_limit{@})', 'limit'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Waiting for a connection',
      unit: 's',
      queries: [
        [quantile(0.95, 'incipit_database_wait_seconds', 'server'), 'p95 {{server}}'],
        [quantile(0.99, 'incipit_database_wait_seconds', 'server'), 'p99 {{server}}'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Statements',
      unit: 'ops',
      queries: [
        [rate('incipit_database_statement_seconds_count', 'server, outcome'), '{{server}} {{outcome}}'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Time of statements',
      unit: 's',
      queries: [
        [quantile(0.5, 'incipit_database_statement_seconds', 'server'), 'p50 {{server}}'],
        [quantile(0.99, 'incipit_database_statement_seconds', 'server'), 'p99 {{server}}'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Slow statements',
      description: 'Slower than limits.slow_statement_ms',
      unit: 'ops',
      queries: [[rate('incipit_database_slow_statements_total', 'statement'), '{{statement}}']],
    },
    {
      kind: 'timeseries',
      title: 'Replicas behind',
      unit: 's',
      queries: [['max by (replica) (incipit_replica_lag_seconds{@})', '{{replica}}']],
    },
    {
      kind: 'timeseries',
      title: 'Troubles',
      description: '1: the database refuses work for this reason, or does not answer',
      queries: [
        ['max by (trouble) (incipit_database_trouble{@})', '{{trouble}}'],
        ['1 - min(incipit_database_up{@})', 'away'],
        ['1 - min(incipit_change_feed_ready{@})', 'changes are not heard'],
        ['1 - min by (replica) (incipit_replica_up{@})', 'replica {{replica}}'],
      ],
    },
  ],
}

export const QUEUE: RowPlan = {
  title: 'Queue and outbox',
  panels: [
    {
      kind: 'timeseries',
      title: 'Generations',
      queries: [
        ['max(incipit_queue_queued{@})', 'queued'],
        ['sum(incipit_generations_running{@})', 'running'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Age of the oldest',
      unit: 's',
      queries: [
        ['max(incipit_queue_oldest_seconds{@})', 'queued generation'],
        ['max(incipit_outbox_oldest_seconds{@})', 'message of the outbox'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Jobs of the embedded runner',
      queries: [['max by (function, state) (incipit_queue_jobs{@})', '{{function}} {{state}}']],
    },
    {
      kind: 'timeseries',
      title: 'Places for jobs',
      queries: [['sum by (state) (incipit_background_jobs{@})', '{{state}}']],
    },
    {
      kind: 'timeseries',
      title: 'Functions by outcome',
      unit: 'ops',
      queries: [[rate('incipit_function_runs_total', 'function, outcome'), '{{function}} {{outcome}}']],
    },
    {
      kind: 'timeseries',
      title: 'Outbox',
      queries: [
        ['max(incipit_outbox_queued{@})', 'to be sent'],
        ['max(incipit_outbox_poisoned{@})', 'given up'],
        ['1 - min(incipit_background_work_up{@})', 'functions are not called'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Alerts and webhooks',
      queries: [
        ['max(incipit_alerts_firing{@})', 'alerts that fire'],
        ['max(incipit_webhook_waiting{@})', 'deliveries that wait'],
        ['max(incipit_webhooks_failing{@})', 'webhooks that fail'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Deliveries to webhooks',
      unit: 'ops',
      queries: [[rate('incipit_webhook_deliveries_total', 'outcome'), '{{outcome}}']],
    },
  ],
}

export const PROVIDERS: RowPlan = {
  title: 'Providers and money',
  panels: [
    {
      kind: 'timeseries',
      title: 'Calls by outcome',
      unit: 'ops',
      queries: [[rate('incipit_provider_calls_total', 'provider, outcome'), '{{provider}} {{outcome}}']],
    },
    {
      kind: 'timeseries',
      title: 'Time of calls, and until the first text (p95)',
      unit: 's',
      queries: [
        [quantile(0.95, 'incipit_provider_call_seconds', 'provider'), '{{provider}} whole'],
        [quantile(0.95, 'incipit_provider_first_text_seconds', 'provider'), '{{provider}} first text'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Tokens by configuration',
      unit: 'ops',
      queries: [
        [
          rate('incipit_provider_tokens_total', 'configuration, direction'),
          '{{configuration}} {{direction}}',
        ],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Dollars an hour by configuration',
      unit: 'currencyUSD',
      isStacked: true,
      queries: [
        [
          'sum by (configuration) (rate(incipit_provider_cost_dollars_total{@}[1h])) * 3600',
          '{{configuration}}',
        ],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Quotas of the month',
      unit: 'percentunit',
      thresholds: [0.8, 0.95],
      queries: [
        [
          'max by (workspace, configuration, quota) (incipit_quota_used{@} / incipit_quota_limit{@})',
          '{{workspace}} {{configuration}} {{quota}}',
        ],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Breakers that are not closed, and calls without a price',
      queries: [
        ['sum by (provider, state) (incipit_provider_breakers{@,state!="closed"})', '{{provider}} {{state}}'],
        [
          'sum by (configuration) (increase(incipit_provider_unpriced_calls_total{@}[RATE]))',
          'no price: {{configuration}}',
        ],
      ],
    },
  ],
}

export const UPKEEP: RowPlan = {
  title: 'Upkeep and process',
  panels: [
    {
      kind: 'timeseries',
      title: 'Upkeep: time since the last success, by its pace',
      description: 'Above 1 a step is due; above 3 something is wrong',
      thresholds: [2, 3],
      queries: [
        [
          '(time() - max by (step) (incipit_upkeep_last_success_timestamp_seconds{@})) / max by (step) (incipit_upkeep_interval_seconds{@})',
          '{{step}}',
        ],
      ],
    },
    {
      kind: 'timeseries',
      title: 'What was lost or failed',
      queries: [
        ['sum by (step) (increase(incipit_upkeep_failures_total{@}[RATE]))', 'upkeep: {{step}}'],
        ['sum by (reason) (increase(incipit_usage_dropped_total{@}[RATE]))', 'usage: {{reason}}'],
        ['sum(increase(incipit_readers_let_go_total{@}[RATE]))', 'readers let go'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Keys in use that expire soon',
      queries: [['max(incipit_keys_expiring{@})', 'keys']],
    },
    {
      kind: 'timeseries',
      title: 'Processor',
      unit: 'percentunit',
      queries: [['rate(process_cpu_seconds_total{@}[RATE])', '{{instance}}']],
    },
    {
      kind: 'timeseries',
      title: 'Memory',
      unit: 'bytes',
      queries: [
        ['process_resident_memory_bytes{@}', '{{instance}} resident'],
        ['nodejs_heap_size_used_bytes{@}', '{{instance}} heap'],
      ],
    },
    {
      kind: 'timeseries',
      title: 'Delay of the event loop',
      unit: 's',
      thresholds: [0.1, 0.2],
      queries: [['incipit_event_loop_delay_seconds{@,quantile="0.99"}', '{{instance}} p99']],
    },
  ],
}
