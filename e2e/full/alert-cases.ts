/** Series with their values, one a minute, as promtool writes them: `1x10` is 1 and ten more, `0+6x10` grows by 6. */
export type Series = Readonly<Record<string, string>>

export interface AlertCase {
  /** When it is looked whether it fires. */
  at: string
  fires: Series
  quiet: Series
}

const J = 'job="incipit"'
const I = `${J},instance="a:3000"`
const gauge = (
  metric: string,
  labels: string,
  fires: number | string,
  quiet: number | string,
  at = '15m',
): AlertCase => ({
  at,
  fires: { [`${metric}{${labels}}`]: values(fires) },
  quiet: { [`${metric}{${labels}}`]: values(quiet) },
})
const values = (value: number | string) => (typeof value === 'string' ? value : `${value}x400`)
/** A counter, by what comes to it in a minute. */
const counter = (metric: string, labels: string, fires: number, quiet: number, at = '30m') =>
  gauge(metric, labels, `0+${fires}x400`, `0+${quiet}x400`, at)

const requests = (failing: number): Series => ({
  [`incipit_requests_total{${I},door="rest",route="GET /api/prompts",outcome="200",status="2xx"}`]:
    '0+1000x400',
  [`incipit_requests_total{${I},door="rest",route="GET /api/prompts",outcome="503",status="5xx"}`]: `0+${failing}x400`,
})
/** Observations of which all are in one bucket: that up to `le`. */
const histogram = (metric: string, labels: string, le: number): Series =>
  Object.fromEntries(
    ['0.1', '0.5', '1', '2.5', '5', '+Inf'].map((bound) => [
      `${metric}_bucket{${labels},le="${bound}"}`,
      Number(bound.replace('+Inf', 'Infinity')) < le ? '0x400' : '0+100x400',
    ]),
  )
const slow = (door: string, route: string) =>
  histogram('incipit_request_seconds', `${I},door="${door}",route="${route}",outcome="200",status="2xx"`, 2.5)

/** When each alert fires and when it does not, in the order of docs/monitoring/alerts.yaml. */
export const ALERT_CASES: Readonly<Record<string, AlertCase>> = {
  IncipitDown: gauge('up', I, 0, 1),
  IncipitAbsent: {
    at: '15m',
    fires: { 'up{job="other"}': '1x400' },
    quiet: { [`incipit_build_info{${I}}`]: '1x400' },
  },
  IncipitNotReady: gauge('incipit_ready', I, 0, '0x3 1x400'),
  IncipitRestarts: gauge('process_start_time_seconds', I, '0+1x4 5x400', 7, '30m'),
  IncipitVersionsDiffer: {
    at: '2h',
    fires: {
      [`incipit_build_info{${J},instance="a",version="1",commit="x"}`]: '1x400',
      [`incipit_build_info{${J},instance="b",version="2",commit="y"}`]: '1x400',
    },
    quiet: {
      [`incipit_build_info{${J},instance="a",version="1",commit="x"}`]: '1x400',
      [`incipit_build_info{${J},instance="b",version="1",commit="x"}`]: '1x400',
    },
  },
  IncipitErrorsBurnFast: { at: '90m', fires: requests(20), quiet: requests(10) },
  IncipitErrorsBurnSlow: { at: '6h', fires: requests(8), quiet: requests(4) },
  IncipitSlow: {
    at: '30m',
    fires: slow('mcp', 'prompts/get'),
    // Who waits for a model waits.
    quiet: { ...slow('rest', 'POST /api/generations'), ...slow('mcp', 'tools/call') },
  },
  IncipitLoopHeld: gauge('incipit_event_loop_delay_seconds', `${I},quantile="0.99"`, 0.5, 0.02),
  IncipitDatabaseDown: gauge('incipit_database_up', I, 0, 1),
  IncipitDatabaseRefuses: {
    at: '15m',
    fires: { [`incipit_database_trouble{${I},trouble="storage_full"}`]: '1x400' },
    quiet: { [`incipit_database_trouble{${I},trouble="lock_timeout"}`]: '1x400' },
  },
  IncipitChangesUnheard: gauge('incipit_change_feed_ready', I, 0, 1),
  IncipitPoolWait: {
    at: '15m',
    fires: histogram('incipit_database_wait_seconds', `${I},server="primary",outcome="ok"`, 1),
    quiet: histogram('incipit_database_wait_seconds', `${I},server="primary",outcome="ok"`, 0.1),
  },
  IncipitStatementsSlow: counter(
    'incipit_database_slow_statements_total',
    `${I},statement="prompts.read"`,
    30,
    6,
    '60m',
  ),
  IncipitReplicaAway: {
    at: '15m',
    fires: { [`incipit_replica_up{${I},replica="r"}`]: '0x400' },
    // Another instance reaches it.
    quiet: {
      [`incipit_replica_up{${I},replica="r"}`]: '0x400',
      [`incipit_replica_up{${J},instance="b",replica="r"}`]: '1x400',
    },
  },
  IncipitReplicaBehind: gauge('incipit_replica_lag_seconds', `${I},replica="r"`, 30, 1),
  IncipitQueueOld: gauge('incipit_queue_oldest_seconds', I, 900, 20),
  IncipitFunctionsSilent: gauge('incipit_background_work_up', I, 0, 1),
  IncipitFunctionsFail: counter(
    'incipit_function_runs_total',
    `${I},function="run-batch",outcome="failed"`,
    1,
    0,
  ),
  IncipitOutboxOld: gauge('incipit_outbox_oldest_seconds', I, 600, 5),
  IncipitOutboxPoisoned: gauge('incipit_outbox_poisoned', I, 1, 0),
  IncipitUpkeepLate: {
    at: '60m',
    fires: {
      [`incipit_upkeep_last_success_timestamp_seconds{${I},step="end_abandoned"}`]: '0x400',
      [`incipit_upkeep_interval_seconds{${I},step="end_abandoned"}`]: '60x400',
    },
    quiet: {
      // It is due once an hour.
      [`incipit_upkeep_last_success_timestamp_seconds{${I},step="expire_usage"}`]: '0x400',
      [`incipit_upkeep_interval_seconds{${I},step="expire_usage"}`]: '3600x400',
    },
  },
  IncipitUsageDropped: counter('incipit_usage_dropped_total', `${I},reason="refused"`, 1, 0),
  IncipitBreakerOpen: {
    at: '15m',
    fires: { [`incipit_provider_breakers{${I},provider="openai",state="open"}`]: '1x400' },
    quiet: { [`incipit_provider_breakers{${I},provider="openai",state="closed"}`]: '1x400' },
  },
  IncipitProviderFails: {
    at: '30m',
    fires: calls(3, 1),
    quiet: calls(1, 3),
  },
  IncipitQuotaNearlyUsed: {
    at: '15m',
    fires: quota(95),
    quiet: quota(50),
  },
  IncipitSignInsGuessed: counter('incipit_rate_limited_total', `${I},limit="sign_in"`, 5, 1),
  IncipitKeysGuessed: counter('incipit_credentials_refused_total', `${I},credential="key"`, 20, 2),
  IncipitKeysExpire: gauge('incipit_keys_expiring', I, 2, 0, '2h'),
}

function calls(failed: number, succeeded: number): Series {
  const of = `${I},provider="openai",configuration="c"`
  return {
    [`incipit_provider_calls_total{${of},outcome="timeout"}`]: `0+${failed}x400`,
    [`incipit_provider_calls_total{${of},outcome="succeeded"}`]: `0+${succeeded}x400`,
  }
}

function quota(used: number): Series {
  const of = `${I},workspace="default",configuration="c",quota="tokens"`
  return { [`incipit_quota_used{${of}}`]: `${used}x400`, [`incipit_quota_limit{${of}}`]: '100x400' }
}
