import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { QueryConfig, QueryResultRow } from 'pg'
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  Registry,
} from 'prom-client'
import { Counts, type Durations } from './durations.ts'
import { getRuntime } from './runtime.ts'

/**
 * The registry of /metrics, and the ways to add to it. Figures are kept where they arise and are read when somebody
 * asks; boot/add-metrics.ts has all of them registered at the start.
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

function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  addEventLoop(registry)
  return { registry, expose: () => registry.metrics(), contentType: registry.contentType }
}

function addEventLoop(registry: Registry): void {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  registry.registerMetric(
    new Gauge({
      name: 'incipit_event_loop_delay_seconds',
      help: 'Delay of the event loop since the last scrape',
      labelNames: ['quantile'],
      registers: [],
      collect() {
        for (const quantile of [50, 99, 100])
          this.set({ quantile: String(quantile / 100) }, delay.percentile(quantile) / 1e9)
        delay.reset()
      },
    }),
  )
}

/** Adds a gauge that is read at each scrape. */
export function addGauge<Label extends string>(gauge: GaugeConfiguration<Label>): void {
  metrics().registry.registerMetric(new Gauge({ ...gauge, registers: [] }))
}

/** What a metric is called, what it counts, and its labels. */
interface Description {
  name: string
  help: string
  labelNames: readonly string[]
  /** The labels of a key; left out: its words in their order. */
  labelsOf?: (key: string) => Readonly<Record<string, string>>
}

/** Adds a counter whose values are kept elsewhere, by a key of label values. */
export function mirrorCounts(what: Description, counts: () => Iterable<[string, number]>): void {
  const { name, help, labelNames, labelsOf = wordsAs(labelNames) } = what
  const counter = new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [],
    collect() {
      this.reset()
      for (const [key, count] of counts()) this.inc(labelsOf(key), count)
    },
  })
  metrics().registry.registerMetric(counter)
}

/** The counts of a counter that `addCounter` adds: one in a process, whichever copy of the code asks. */
export function countsOf(name: string): Counts {
  return getRuntime().once(`metrics.${name}`, () => new Counts())
}

/** Adds a counter of what `countsOf(name)` counts. */
export function addCounter(what: Description): void {
  mirrorCounts(what, () => countsOf(what.name))
}

/** Adds a classic histogram of durations. */
export function mirrorDurations(what: Description, durations: Durations): void {
  metrics().registry.registerMetric(new MirroredHistogram(what, durations))
}

class MirroredHistogram extends Histogram {
  readonly #what: Description
  readonly #durations: Durations

  constructor(what: Description, durations: Durations) {
    const { name, help, labelNames } = what
    super({ name, help, labelNames: [...labelNames], buckets: [...durations.bounds], registers: [] })
    this.#what = what
    this.#durations = durations
  }

  /** The form that the registry asks for when it prints: each bucket counts those below it, too. */
  async getForPromString() {
    const { name, help, labelNames, labelsOf = wordsAs(labelNames) } = this.#what
    const { bounds } = this.#durations
    const values = Array.from(this.#durations.series()).flatMap(([key, { counts, sum, count }]) => {
      const labels = labelsOf(key)
      let below = 0
      const buckets = counts.map((each, at) => {
        below += each
        return { labels: { ...labels, le: bounds[at] ?? '+Inf' }, value: below, metricName: `${name}_bucket` }
      })
      return [
        ...buckets,
        { labels, value: sum, metricName: `${name}_sum` },
        { labels, value: count, metricName: `${name}_count` },
      ]
    })
    return { name, help, type: 'histogram', values, aggregator: 'sum' }
  }
}

function wordsAs(labelNames: readonly string[]): (key: string) => Record<string, string> {
  return (key) => {
    const words = key.split(' ')
    return Object.fromEntries(labelNames.map((label, n) => [label, words[n] ?? '']))
  }
}

/**
 * What a metric asks the database for, when somebody scrapes it.
 * @returns undefined while the database does not answer: the figures of before keep standing
 */
export async function askForMetrics<Row extends QueryResultRow>(
  query: QueryConfig,
): Promise<Row[] | undefined> {
  return unlessAway(async () => (await getRuntime().database.primary.pool.query<Row>(query)).rows)
}

/** What work for a scrape comes to; undefined while the database does not answer. */
export async function unlessAway<T>(work: () => Promise<T>): Promise<T | undefined> {
  const { availability } = getRuntime().database
  if (availability.down) return undefined
  try {
    return await availability.guard(work)
  } catch {
    return undefined
  }
}

/** Asks once for all metrics that are read in the same moment. */
export function askedTogether<Row extends QueryResultRow>(
  query: () => QueryConfig,
): () => Promise<Row[] | undefined> {
  let asked: Promise<Row[] | undefined> | undefined
  return () => {
    asked ??= askForMetrics<Row>(query()).finally(() => {
      asked = undefined
    })
    return asked
  }
}

/**
 * Adds gauges that one question to the database answers, however many of them are read in the same moment.
 * @param query answers one row, with a column for each gauge
 * @param gauges names, and what they mean
 */
export function addAskedGauges(query: QueryConfig, gauges: Readonly<Record<string, string>>): void {
  const ask = askedTogether<Record<string, number>>(() => query)
  for (const [name, help] of Object.entries(gauges))
    addGauge({
      name,
      help,
      async collect() {
        const value = (await ask())?.[0]?.[name]
        if (value !== undefined) this.set(value)
      },
    })
}
