import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { countRequest } from '../request-metrics.ts'
import { getRuntime } from '../runtime.ts'
import { announcesBody } from './body.ts'
import { requestId } from './context.ts'
import { connections, noRoom } from './edge/connections.ts'
import { accepts } from './encoding.ts'
import { handle } from './handle.ts'
import { leaveTogether } from './leave-together.ts'
import { logAnswer } from './log-answer.ts'
import type { BodyLimits, HttpAnswer, HttpRequest } from './message.ts'
import { problemAnswer } from './problem.ts'
import { readNodeBody } from './read-body.ts'
import type { Resource } from './resource.ts'
import { sendStream } from './stream.ts'

/** Below this size gzip costs more than the bytes it saves. */
const GZIP_FROM_BYTES = 16_384

const gzipped = promisify(gzip)

/** Answers a Node request through the core, without the Web's Request and Response. Never throws. */
export function serveNode(resource: Resource, request: IncomingMessage, response: ServerResponse): void {
  const seen = nodeRequest(request)
  handle(resource, seen)
    .then((answer) => {
      const isHeld = connections().hold(response, Buffer.byteLength(answer.body))
      const fitting = isHeld ? answer : problemAnswer(noRoom(), seen, requestId(seen))
      return leaveTogether(response, () => send(request, response, fitting))
    })
    .catch(() => response.destroy())
}

/**
 * Answers a request that no resource gets to see. The answer leaves at once; a body that is still coming is
 * thrown away within the limits, for who writes on into a closed connection never reads why.
 */
export function refuseNode(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  more: Record<string, string> = {},
): void {
  const started = performance.now()
  const seen = nodeRequest(request)
  const id = requestId(seen)
  const { status, headers, body } = problemAnswer(error, seen, id)
  response.writeHead(status, { ...headers, ...more, 'content-length': Buffer.byteLength(body) })
  const sent = seen.method === 'HEAD' ? '' : body
  // Who asks first sends no body after a no.
  if (announcesBody(seen) && request.headers.expect === undefined) {
    response.write(sent)
    const limits = { bytes: 0, milliseconds: getRuntime().config.limits.body_ms }
    void readNodeBody(request, limits)
      .catch(() => undefined)
      .finally(() => response.end())
  } else response.end(sent)
  countRequest('rest', 'none', String(status), started)
  logAnswer({ id, method: seen.method, route: 'none', status, started }, error)
}

/**
 * A Node request as the core sees it.
 * @param response its answer, for whoever wants to know that nobody waits for it any more
 */
export function nodeRequest(request: IncomingMessage, response?: ServerResponse): HttpRequest {
  return new NodeRequest(request, response)
}

/** A class, since an object literal with a getter is a new shape each time, which the garbage collector pays for. */
class NodeRequest implements HttpRequest {
  readonly method: string
  readonly path: string
  readonly search: string
  readonly address: string | undefined
  readonly #request: IncomingMessage
  readonly #response: ServerResponse | undefined
  #gone: AbortSignal | undefined

  constructor(request: IncomingMessage, response: ServerResponse | undefined) {
    const url = request.url ?? '/'
    const query = url.indexOf('?')
    this.method = request.method ?? 'GET'
    this.path = query === -1 ? url : url.slice(0, query)
    this.search = query === -1 ? '' : url.slice(query + 1)
    this.address = request.socket?.remoteAddress
    this.#request = request
    this.#response = response
  }

  get gone(): AbortSignal {
    this.#gone ??= goneSignal(this.#response)
    return this.#gone
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  readBody(limits: BodyLimits): Promise<Uint8Array> {
    return readNodeBody(this.#request, limits)
  }
}

/** Made when somebody asks: nearly nobody does. */
function goneSignal(response: ServerResponse | undefined): AbortSignal {
  const gone = new AbortController()
  const closed = () => {
    if (response?.writableFinished === false) gone.abort()
  }
  if (response?.destroyed === true) closed()
  response?.once('close', closed)
  return gone.signal
}

function send(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void | Promise<void> {
  const { body, headers, stream } = answer
  if (stream !== undefined && request.method !== 'HEAD') return sendStream(response, headers, stream)
  // Node keeps a status without a body free of a length of its own.
  if (answer.status !== 204 && answer.status !== 304) {
    const bytes = Buffer.byteLength(body)
    const mayGzip = bytes >= GZIP_FROM_BYTES && headers['content-encoding'] === undefined
    if (mayGzip && accepts(request.headers['accept-encoding'] ?? '', 'gzip'))
      return sendGzipped(request, response, answer)
    headers['content-length'] = String(bytes)
  }
  response.writeHead(answer.status, headers)
  response.end(request.method === 'HEAD' ? undefined : body)
}

async function sendGzipped(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer) {
  const body = await gzipped(answer.body, { level: 1 })
  const vary =
    answer.headers.vary === undefined ? 'Accept-Encoding' : `${answer.headers.vary}, Accept-Encoding`
  const length = String(body.byteLength)
  response.writeHead(answer.status, {
    ...answer.headers,
    vary,
    'content-encoding': 'gzip',
    'content-length': length,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
