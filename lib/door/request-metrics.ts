import { Counter, Histogram } from 'prom-client'
import { metrics } from '../metrics.ts'
import { getRuntime } from '../runtime.ts'

const LABELS = ['door', 'route', 'outcome'] as const
type Label = (typeof LABELS)[number]

export type Door = 'rest' | 'mcp' | 'page' | 'probe' | 'inngest'

/** Upper bounds in seconds: from a render out of memory to an answer of a model. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const NAME = 'incipit_request_seconds'
const HELP = 'Time until a request was answered; of a stream until it began'

/** The requests of one door, route and outcome. */
class Series {
  readonly labels: Record<Label, string>
  /** Requests by the first bound that they keep to; the last are above all bounds. */
  readonly counts: number[] = Array.from({ length: BUCKETS.length + 1 }, () => 0)
  count = 0
  sum = 0

  constructor(labels: Record<Label, string>) {
    this.labels = labels
  }

  add(seconds: number): void {
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound)
    const at = bucket === -1 ? BUCKETS.length : bucket
    this.counts[at] = (this.counts[at] ?? 0) + 1
    this.count += 1
    this.sum += seconds
  }

  /** As the exposition format has a histogram: each bucket counts those below it, too. */
  values() {
    let below = 0
    const buckets = this.counts.map((count, at) => {
      below += count
      return {
        labels: { ...this.labels, le: BUCKETS[at] ?? '+Inf' },
        value: below,
        metricName: `${NAME}_bucket`,
      }
    })
    const { labels, sum, count } = this
    return [
      ...buckets,
      { labels, value: sum, metricName: `${NAME}_sum` },
      { labels, value: count, metricName: `${NAME}_count` },
    ]
  }
}

/** The library's histogram hashes its labels at each observation, which costs more than the rest of the count. */
class RequestSeconds extends Histogram<Label> {
  readonly #series: ReadonlyMap<string, Series>

  constructor(series: ReadonlyMap<string, Series>) {
    super({ name: NAME, help: HELP, labelNames: LABELS, buckets: BUCKETS, registers: [] })
    this.#series = series
  }

  /** The form that the registry asks for when it prints. */
  async getForPromString() {
    const values = [...this.#series.values()].flatMap((each) => each.values())
    return { name: NAME, help: HELP, type: 'histogram', values, aggregator: 'sum' }
  }
}

/**
 * Counts and times an answered request.
 * @param route of REST method and pattern (`GET /api/prompts/{name}`), of MCP the method (`prompts/get`):
 *   never what a caller wrote, for each text would make a series of its own
 * @param outcome of REST the status; of MCP `ok`, `tool_error` or the code of the error
 * @param started a moment of performance.now()
 */
export function countRequest(door: Door, route: string, outcome: string, started: number): void {
  const all = requestSeries()
  const key = `${door} ${route} ${outcome}`
  let series = all.get(key)
  if (series === undefined) {
    series = new Series({ door, route, outcome })
    all.set(key, series)
  }
  series.add((performance.now() - started) / 1000)
}

function requestSeries(): Map<string, Series> {
  return getRuntime().once('request.metrics', () => {
    const { registry } = metrics()
    const series = new Map<string, Series>()
    const total = new Counter<Label>({
      name: 'incipit_requests_total',
      help: 'Answered requests',
      labelNames: LABELS,
      registers: [],
      collect() {
        this.reset()
        for (const { labels, count } of series.values()) this.inc(labels, count)
      },
    })
    registry.registerMetric(total)
    registry.registerMetric(new RequestSeconds(series))
    return series
  })
}
