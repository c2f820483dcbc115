import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { QueryConfig, QueryResultRow } from 'pg'
import { Counter, collectDefaultMetrics, Gauge, type GaugeConfiguration, Registry } from 'prom-client'
import { getRuntime, type Runtime } from './runtime.ts'

/**
 * Everything that /metrics tells. Most of it is read at the moment somebody asks, because it is counted anyway;
 * requests alone are counted for it (request-metrics.ts).
 */
export interface Metrics {
  /** Adds gauges or counters of a domain; called once for a domain. */
  readonly registry: Registry
  /** The text of the Prometheus exposition format. */
  expose(): Promise<string>
  readonly contentType: string
}

export function metrics(): Metrics {
  return getRuntime().once('metrics', createMetrics)
}

function createMetrics(runtime: Runtime): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  addPool(registry, runtime)
  addReplicas(registry, runtime)
  addFeed(registry, runtime)
  addEventLoop(registry)
  return { registry, expose: () => registry.metrics(), contentType: registry.contentType }
}

function addGauge<Label extends string>(registry: Registry, gauge: GaugeConfiguration<Label>): void {
  registry.registerMetric(new Gauge({ ...gauge, registers: [] }))
}

function addPool(registry: Registry, { database }: Runtime): void {
  addGauge(registry, {
    name: 'incipit_database_connections',
    help: 'Connections of the pool by state; waiting: requests without one',
    labelNames: ['state'],
    collect() {
      const { totalCount, idleCount, waitingCount } = database.primary.pool
      this.set({ state: 'busy' }, totalCount - idleCount)
      this.set({ state: 'idle' }, idleCount)
      this.set({ state: 'waiting' }, waitingCount)
    },
  })
  addGauge(registry, {
    name: 'incipit_database_up',
    help: '1 while the database answers; 0 until it was first reached',
    collect() {
      this.set(database.availability.up ? 1 : 0)
    },
  })
}

function addReplicas(registry: Registry, { database }: Runtime): void {
  const { all } = database.replicas
  if (all.length === 0) return
  addGauge(registry, {
    name: 'incipit_replica_up',
    help: '1 while a replica answers and is near enough to be asked',
    labelNames: ['replica'],
    collect() {
      for (const { name, inUse } of all) this.set({ replica: name }, inUse ? 1 : 0)
    },
  })
  addGauge(registry, {
    name: 'incipit_replica_lag_seconds',
    help: 'How far a replica is behind the primary',
    labelNames: ['replica'],
    collect() {
      for (const { name, lagMs } of all) this.set({ replica: name }, lagMs / 1000)
    },
  })
}

function addFeed(registry: Registry, { feed }: Runtime): void {
  addGauge(registry, {
    name: 'incipit_change_feed_ready',
    help: '1 while changes of other instances are heard',
    collect() {
      this.set(feed.ready ? 1 : 0)
    },
  })
}

function addEventLoop(registry: Registry): void {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  addGauge(registry, {
    name: 'incipit_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last scrape',
    labelNames: ['quantile'],
    collect() {
      for (const quantile of [50, 99, 100])
        this.set({ quantile: String(quantile / 100) }, delay.percentile(quantile) / 1e9)
      delay.reset()
    },
  })
}

/** A counter whose values are kept elsewhere as a map from label values, joined by spaces, to a count. */
export function mirrorCounts(
  name: string,
  help: string,
  labelNames: string[],
  counts: () => Iterable<[string, number]>,
): void {
  const counter = new Counter({
    name,
    help,
    labelNames,
    registers: [],
    collect() {
      this.reset()
      for (const [key, count] of counts()) {
        const values = key.split(' ')
        this.inc(Object.fromEntries(labelNames.map((label, n) => [label, values[n] ?? ''])), count)
      }
    },
  })
  metrics().registry.registerMetric(counter)
}

/**
 * What a metric asks the database for, when somebody scrapes it.
 * @returns undefined while the database does not answer: the figures of before keep standing
 */
export async function askForMetrics<Row extends QueryResultRow>(
  query: QueryConfig,
): Promise<Row[] | undefined> {
  const { availability, primary } = getRuntime().database
  if (availability.down) return undefined
  try {
    return (await availability.guard(() => primary.pool.query<Row>(query))).rows
  } catch {
    return undefined
  }
}

/**
 * Adds gauges that one question to the database answers, however many of them are read in the same moment.
 * @param query answers one row, with a column for each gauge
 * @param gauges names, and what they mean
 */
export function addAskedGauges(query: QueryConfig, gauges: Readonly<Record<string, string>>): void {
  let asked: Promise<Record<string, number> | undefined> | undefined
  const ask = () => {
    asked ??= askForMetrics<Record<string, number>>(query)
      .then((rows) => rows?.[0])
      .finally(() => {
        asked = undefined
      })
    return asked
  }
  for (const [name, help] of Object.entries(gauges))
    addGauge(metrics().registry, {
      name,
      help,
      async collect() {
        const value = (await ask())?.[name]
        if (value !== undefined) this.set(value)
      },
    })
}
