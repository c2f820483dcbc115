import type { IncomingMessage, ServerResponse } from 'node:http'
import { failureType } from './failure.ts'
import { type Attributes, type Span, type SpanStart, tracing } from './telemetry.ts'

/** Methods of HTTP; others are words of a caller. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Asked every few seconds, or for each page a dozen times: nobody looks for them in traces. */
const UNTRACED = /^\/(?:_next\/|health(?:$|[/?])|metrics(?:$|\?)|favicon\.ico$)/

/** The server that is asked, and whom it believes. */
export interface Asked {
  /** What is the same for all its requests. */
  readonly attributes: () => Attributes
  /** Whether a request comes from a proxy that may say what is sampled. */
  readonly isTrusted: (request: IncomingMessage) => boolean
}

/**
 * Has a request answered within a span, which ends with the answer. What it is called, and what came of it, says
 * `describeAnswer`.
 */
export function observeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { attributes, isTrusted }: Asked,
  answer: () => void,
): void {
  const traces = tracing()
  if (traces === undefined || UNTRACED.test(request.url ?? '/')) return answer()
  const span = traces.start(() => asked(request, attributes()), {
    carrier: request.headers,
    isOfStranger: () => !isTrusted(request),
  })
  // Other listeners have something to say about it first.
  if (span.isOpen) response.once('close', () => queueMicrotask(() => end(span, response)))
  traces.within(span, answer)
}

function asked({ method = 'GET', httpVersion }: IncomingMessage, ofServer: Attributes): SpanStart {
  const name = METHODS.has(method) ? method : '_OTHER'
  return {
    name: name === '_OTHER' ? 'HTTP' : name,
    kind: 'server',
    attributes: { ...ofServer, 'http.request.method': name, 'network.protocol.version': httpVersion },
  }
}

function end(span: Span, response: ServerResponse): void {
  if (!span.isOpen) return
  const { statusCode: status, headersSent, writableFinished } = response
  if (headersSent) span.set({ 'http.response.status_code': status })
  if (headersSent && status >= 500) span.fail(String(status))
  else if (!writableFinished) span.set({ 'error.type': 'client_gone' })
  span.end()
}

export interface Answer {
  /** Its method and pattern, never what a caller wrote; undefined: it led nowhere. */
  route: string | undefined
  method: string
  requestId: string
  outcome: string | undefined
  status: number
  /** It is an event stream, which has only begun: what comes is no part of the request. */
  isStream: boolean
  failure: unknown
}

/** Says in the span of a request what was asked and what came of it. */
export function describeAnswer(span: Span, answer: Answer): void {
  const { route, method, requestId, outcome, status, isStream, failure } = answer
  if (route !== undefined) span.rename(`${METHODS.has(method) ? method : 'HTTP'} ${route}`)
  span.set({ 'http.route': route, 'incipit.request.id': requestId, 'incipit.outcome': outcome })
  if (failure !== undefined && status >= 500) {
    const { type, unexpected } = failureType(failure)
    // What passes, such as a database that is away, is an answer.
    span.fail(type, unexpected && status === 500 ? failure : undefined)
  }
  if (!isStream) return
  span.set({ 'http.response.status_code': status })
  span.end()
}
