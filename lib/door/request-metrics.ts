import { Durations } from '../durations.ts'
import { ERROR_CATALOGUE } from '../errors.ts'
import { mirrorCounts, mirrorDurations } from '../metrics.ts'
import { getRuntime } from '../runtime.ts'

export type Door = 'rest' | 'mcp' | 'page' | 'probe' | 'inngest'

/** Upper bounds in seconds: from a render out of memory to an answer of a model. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/**
 * Counts and times an answered request. Every request of every door ends here.
 * @param route of REST method and pattern (`GET /api/prompts/{name}`), of MCP the method (`prompts/get`):
 *   never what a caller wrote, for each text would make a series of its own
 * @param outcome of REST the status; of MCP `ok`, `tool_error` or the code of the error
 * @param started a moment of performance.now()
 */
export function countRequest(door: Door, route: string, outcome: string, started: number): void {
  requests().add(`${door} ${route} ${outcome}`, (performance.now() - started) / 1000)
}

function requests(): Durations {
  return getRuntime().once('request.metrics', () => new Durations(BOUNDS))
}

/** Adds the answered requests to /metrics. */
export function addRequestMetrics(): void {
  const labels = { labelNames: ['door', 'route', 'outcome', 'status'], labelsOf }
  mirrorCounts(
    {
      name: 'incipit_requests_total',
      help: 'Answered requests: REST by method and pattern, MCP by method; "status" is the class of the outcome',
      ...labels,
    },
    () => requests().counts(),
  )
  mirrorDurations(
    {
      name: 'incipit_request_seconds',
      help: 'Time until a request was answered; of a stream until it began',
      ...labels,
    },
    requests(),
  )
}

/** A route may hold a space, the door before it and the outcome behind it hold none. */
function labelsOf(key: string): Record<string, string> {
  const [first, last] = [key.indexOf(' '), key.lastIndexOf(' ')]
  const outcome = key.slice(last + 1)
  return { door: key.slice(0, first), route: key.slice(first + 1, last), outcome, status: classOf(outcome) }
}

/** The class of HTTP statuses that an outcome belongs to, of MCP as well: 2xx, 4xx, 5xx. */
function classOf(outcome: string): string {
  if (/^[1-5]\d\d$/.test(outcome)) return `${outcome[0]}xx`
  if (Object.hasOwn(ERROR_CATALOGUE, outcome))
    return `${String(ERROR_CATALOGUE[outcome as keyof typeof ERROR_CATALOGUE].status)[0]}xx`
  // Errors of JSON-RPC without a code of the catalogue are the caller's; a tool's error may be anything of them.
  return outcome === 'tool_error' || outcome.startsWith('-') ? '4xx' : '2xx'
}
