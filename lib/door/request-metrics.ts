import { Counter, Histogram } from 'prom-client'
import { metrics } from '../metrics.ts'
import { getRuntime } from '../runtime.ts'

const LABELS = ['door', 'route', 'outcome'] as const
type Label = (typeof LABELS)[number]

export type Door = 'rest' | 'mcp' | 'page' | 'probe' | 'inngest'

/** From a render out of memory to an answer of a model. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/**
 * Counts and times an answered request.
 * @param route of REST method and pattern (`GET /api/prompts/{name}`), of MCP the method (`prompts/get`):
 *   never what a caller wrote, for each text would make a series of its own
 * @param outcome of REST the status; of MCP `ok`, `tool_error` or the code of the error
 * @param started a moment of performance.now()
 */
export function countRequest(door: Door, route: string, outcome: string, started: number): void {
  const { total, seconds } = requestMetrics()
  const labels = { door, route, outcome }
  total.inc(labels)
  seconds.observe(labels, (performance.now() - started) / 1000)
}

function requestMetrics() {
  return getRuntime().once('request.metrics', () => {
    const { registry } = metrics()
    const total = new Counter<Label>({
      name: 'incipit_requests_total',
      help: 'Answered requests',
      labelNames: LABELS,
      registers: [],
    })
    const seconds = new Histogram<Label>({
      name: 'incipit_request_seconds',
      help: 'Time until a request was answered; of a stream until it began',
      labelNames: LABELS,
      buckets: BUCKETS,
      registers: [],
    })
    registry.registerMetric(total)
    registry.registerMetric(seconds)
    return { total, seconds }
  })
}
