import { NOBODY } from '../access/identify.ts'
import { traceId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import { describeAnswer } from '../telemetry/server-span.ts'
import type { HttpRequest } from './message.ts'
import { countRequest, type Door } from './request-metrics.ts'

/** The recorded part of a request; malformed bytes have no more than this. */
type Recorded = Pick<HttpRequest, 'id' | 'method' | 'record'> & { readonly path?: string }

/**
 * Counts, times and logs an answered request.
 * @param answered `started` is a moment of performance.now()
 */
export function recordAnswer(
  door: Door,
  request: Recorded,
  answered: { status: number; started: number; isStream?: boolean },
  failure?: unknown,
): void {
  const { record } = request
  const { status, started } = answered
  tellTrace(door, request, answered, failure)
  if (!record.isCounted) countRequest(door, routeOf(door, request), record.outcome ?? String(status), started)
  // A probe that says no, and a function that is to be tried again, are answers and no failures.
  const isAnswer = failure === undefined && (door === 'probe' || door === 'inngest')
  const isFailure = status >= 500 && !isAnswer
  if (!isFailure && !isLogged(request, status)) return
  const { route, outcome, identity, client, trace, span } = record
  const fields = {
    request_id: request.id,
    method: request.method,
    route,
    status,
    duration_ms: Math.round((performance.now() - started) * 1000) / 1000,
    ...(outcome !== undefined && { outcome }),
    ...(identity !== undefined && identity.id !== NOBODY.id && { actor: identity.id }),
    ...(client !== undefined && { client: [client.name, client.version].filter(Boolean).join('/') }),
    ...(span === undefined
      ? trace !== undefined && { trace_id: traceId(trace) }
      : { trace_id: span.traceId, span_id: span.spanId }),
  }
  if (isFailure) getRuntime().log.error({ ...fields, err: failure }, 'request failed')
  else getRuntime().log.info(fields, 'request')
}

function tellTrace(
  door: Door,
  { id, method, path, record: { span, route, outcome } }: Recorded,
  { status, isStream = false }: { status: number; isStream?: boolean },
  failure: unknown,
): void {
  if (span?.isOpen !== true) return
  // The door of MCP opens at a few paths alone; its methods have spans of their own.
  const pattern = door === 'mcp' ? path : route === 'none' ? undefined : route
  describeAnswer(span, { route: pattern, method, requestId: id, outcome, status, isStream, failure })
}

/** The route of a REST request includes its method. */
function routeOf(door: Door, { method, record: { route } }: Recorded): string {
  return door === 'mcp' || door === 'page' || route === 'none'
    ? route
    : `${method === 'HEAD' ? 'GET' : method} ${route}`
}

/** Of hot reads that succeed one in so many is logged. */
function isLogged({ record: { isHot, outcome = 'ok' } }: Recorded, status: number): boolean {
  const { log, config } = getRuntime()
  if (!log.isLevelEnabled('info')) return false
  if (!isHot || (status >= 400 && status < 500) || outcome !== 'ok') return true
  const { hot_reads: every } = config.logging
  if (every === 0) return false
  const sample = getRuntime().once('door.sample', () => ({ count: 0 }))
  sample.count += 1
  return sample.count % every === 0
}
