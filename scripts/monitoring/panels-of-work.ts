import { counts, levels, lines, quantile, quantiles, type RowPlan, rates } from './panel-plan.ts'

/* What works behind it. */

export const DATABASE: RowPlan = {
  title: 'Database',
  panels: [
    lines('Connections of the pools', [
      levels('sum', 'incipit_database_connections', 'state'),
      ['sum(incipit_database_connections_limit{@})', 'limit'],
    ]),
    lines('Waiting for a connection', quantiles('incipit_database_wait_seconds', 'server', [0.95, 0.99]), {
      unit: 's',
    }),
    lines('Statements', [rates('incipit_database_statement_seconds_count', 'server, outcome')], {
      unit: 'ops',
    }),
    lines('Time of statements', quantiles('incipit_database_statement_seconds', 'server', [0.5, 0.99]), {
      unit: 's',
    }),
    lines('Slow statements', [rates('incipit_database_slow_statements_total', 'statement')], {
      description: 'Slower than limits.slow_statement_ms',
      unit: 'ops',
    }),
    lines('Replicas behind', [levels('max', 'incipit_replica_lag_seconds', 'replica')], { unit: 's' }),
    lines(
      'Troubles',
      [
        levels('max', 'incipit_database_trouble', 'trouble'),
        ['1 - min(incipit_database_up{@})', 'away'],
        ['1 - min(incipit_change_feed_ready{@})', 'changes are not heard'],
        ['1 - min by (replica) (incipit_replica_up{@})', 'replica {{replica}}'],
      ],
      { description: '1: the database refuses work for this reason, or does not answer' },
    ),
  ],
}

export const QUEUE: RowPlan = {
  title: 'Queue and outbox',
  panels: [
    lines('Generations', [
      ['max(incipit_queue_queued{@})', 'queued'],
      ['sum(incipit_generations_running{@})', 'running'],
    ]),
    lines(
      'Age of the oldest',
      [
        ['max(incipit_queue_oldest_seconds{@})', 'queued generation'],
        ['max(incipit_outbox_oldest_seconds{@})', 'message of the outbox'],
      ],
      { unit: 's' },
    ),
    lines('Jobs of the embedded runner', [levels('max', 'incipit_queue_jobs', 'function, state')]),
    lines('Places for jobs', [levels('sum', 'incipit_background_jobs', 'state')]),
    lines('Functions by outcome', [rates('incipit_function_runs_total', 'function, outcome')], {
      unit: 'ops',
    }),
    lines('Outbox', [
      ['max(incipit_outbox_queued{@})', 'to be sent'],
      ['max(incipit_outbox_poisoned{@})', 'given up'],
      ['1 - min(incipit_background_work_up{@})', 'functions are not called'],
    ]),
    lines('Alerts and webhooks', [
      ['max(incipit_alerts_firing{@})', 'alerts that fire'],
      ['max(incipit_webhook_waiting{@})', 'deliveries that wait'],
      ['max(incipit_webhooks_failing{@})', 'webhooks that fail'],
    ]),
    lines('Deliveries to webhooks', [rates('incipit_webhook_deliveries_total', 'outcome')], {
      unit: 'ops',
    }),
  ],
}

export const PROVIDERS: RowPlan = {
  title: 'Providers and money',
  panels: [
    lines('Calls by outcome', [rates('incipit_provider_calls_total', 'provider, outcome')], { unit: 'ops' }),
    lines(
      'Time of calls, and until the first text (p95)',
      [
        [quantile(0.95, 'incipit_provider_call_seconds', 'provider'), '{{provider}} whole'],
        [quantile(0.95, 'incipit_provider_first_text_seconds', 'provider'), '{{provider}} first text'],
      ],
      { unit: 's' },
    ),
    lines('Tokens by configuration', [rates('incipit_provider_tokens_total', 'configuration, direction')], {
      unit: 'ops',
    }),
    lines(
      'Dollars an hour by configuration',
      [
        [
          'sum by (configuration) (rate(incipit_provider_cost_dollars_total{@}[1h])) * 3600',
          '{{configuration}}',
        ],
      ],
      { unit: 'currencyUSD', isStacked: true },
    ),
    lines(
      'Quotas of the month',
      [
        [
          'max by (workspace, configuration, quota) (incipit_quota_used{@} / incipit_quota_limit{@})',
          '{{workspace}} {{configuration}} {{quota}}',
        ],
      ],
      { unit: 'percentunit', thresholds: [0.8, 0.95] },
    ),
    lines('Breakers that are not closed, and calls without a price', [
      ['sum by (provider, state) (incipit_provider_breakers{@,state!="closed"})', '{{provider}} {{state}}'],
      counts('incipit_provider_unpriced_calls_total', 'configuration', 'no price: '),
    ]),
  ],
}

export const UPKEEP: RowPlan = {
  title: 'Upkeep and process',
  panels: [
    lines(
      'Upkeep: time since the last success, by its pace',
      [
        [
          '(time() - max by (step) (incipit_upkeep_last_success_timestamp_seconds{@})) / max by (step) (incipit_upkeep_interval_seconds{@})',
          '{{step}}',
        ],
      ],
      { description: 'Above 1 a step is due; above 3 something is wrong', thresholds: [2, 3] },
    ),
    lines('What was lost or failed', [
      counts('incipit_upkeep_failures_total', 'step', 'upkeep: '),
      counts('incipit_usage_dropped_total', 'reason', 'usage: '),
      ['sum(increase(incipit_readers_let_go_total{@}[RATE]))', 'readers let go'],
    ]),
    lines('Keys in use that expire soon', [['max(incipit_keys_expiring{@})', 'keys']]),
    lines('Processor', [['rate(process_cpu_seconds_total{@}[RATE])', '{{instance}}']], {
      unit: 'percentunit',
    }),
    lines(
      'Memory',
      [
        ['process_resident_memory_bytes{@}', '{{instance}} resident'],
        ['nodejs_heap_size_used_bytes{@}', '{{instance}} heap'],
      ],
      { unit: 'bytes' },
    ),
    lines(
      'Delay of the event loop',
      [['incipit_event_loop_delay_seconds{@,quantile="0.99"}', '{{instance}} p99']],
      { unit: 's', thresholds: [0.1, 0.2] },
    ),
  ],
}
