import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { forwardedScheme, isForwardingHeader, isTrustedProxy } from '../access/forwarding.ts'
import { getRuntime } from '../runtime.ts'
import { announcesBody } from './body.ts'
import { connections, noRoom } from './edge/connections.ts'
import {
  addressOf,
  type Body,
  type BodyLimits,
  bodySize,
  bodyText,
  type HttpAnswer,
  type HttpRequest,
  headerOf,
  isKept,
  type KeptBody,
  peerOf,
  RequestRecord,
  requestId,
} from './message.ts'
import { type Protocol, pass } from './pass.ts'
import { problemAnswer } from './problem.ts'
import { readNodeBody } from './read-body.ts'
import { recordAnswer } from './record.ts'
import { safetyHeaders } from './safety-headers.ts'
import { sendStream } from './stream.ts'

/** Below this size gzip costs more than the bytes it saves. */
const GZIP_FROM_BYTES = 16_384

const gzipped = promisify(gzip)

/** Answers a Node request through the door, without the Web's Request and Response. Never throws. */
export function serveNode<R extends HttpRequest>(
  protocol: Protocol<R>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const seen = nodeRequest(request, response)
  pass(protocol, seen)
    .then((answer) => {
      const isHeld = connections().hold(response, bodySize(answer.body))
      const fitting = isHeld ? answer : protocol.refuse(noRoom(), seen)
      const isUnread = REFUSED.has(fitting.status) && announcesBody(seen) && !request.readableDidRead
      return coalesceWrites(response, () => (isUnread ? sendUnread : send)(request, response, fitting))
    })
    .catch(() => response.destroy())
}

/** Whoever is refused so is not known, or may not: their body is not read. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 429])

/** Answers a request that no resource gets to see. */
export function refuseNode(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  more: Record<string, string> = {},
): void {
  const started = performance.now()
  const seen = nodeRequest(request)
  const { status, headers, body } = problemAnswer(error, seen)
  const answer = { status, headers: { ...safetyHeaders(), ...headers, ...more }, body }
  if (announcesBody(seen)) sendUnread(request, response, answer)
  else void send(request, response, answer)
  recordAnswer('rest', seen, { status, started }, error)
}

/**
 * Sends an answer to a request whose body nobody reads. The answer leaves at once; a body that is still coming is
 * thrown away within the limits, for who writes on into a closed connection never reads why.
 */
function sendUnread(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  const { status, headers, body } = answer
  const text = bodyText(body)
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) })
  const sent = request.method === 'HEAD' ? '' : text
  // A client that sent Expect sends no body after a refusal.
  if (request.headers.expect !== undefined) return void response.end(sent)
  response.write(sent)
  void readNodeBody(request, { bytes: 0, milliseconds: getRuntime().config.limits.body_ms })
    .catch(() => undefined)
    // One that is longer or slower than the limits ends with its connection.
    .finally(() => response.end(() => request.complete || request.socket.destroySoon()))
}

/**
 * A Node request as the core sees it.
 * @param response its answer; shows when the client has gone
 */
export function nodeRequest(request: IncomingMessage, response?: ServerResponse): HttpRequest {
  return new NodeRequest(request, response)
}

/** A class, since an object literal with a getter has a new shape each time, which costs garbage collection. */
class NodeRequest implements HttpRequest {
  readonly method: string
  readonly path: string
  readonly search: string
  readonly record = new RequestRecord()
  readonly #request: IncomingMessage
  readonly #response: ServerResponse | undefined
  #address: string | undefined
  #id: string | undefined
  #gone: AbortSignal | undefined

  constructor(request: IncomingMessage, response: ServerResponse | undefined) {
    const url = request.url ?? '/'
    const query = url.indexOf('?')
    this.method = request.method ?? 'GET'
    this.path = query === -1 ? url : url.slice(0, query)
    this.search = query === -1 ? '' : url.slice(query + 1)
    this.#request = request
    this.#response = response
  }

  /** Created at the first read: random bytes are not cheap. */
  get id(): string {
    this.#id ??= requestId(this.header('x-request-id'))
    return this.#id
  }

  get gone(): AbortSignal {
    this.#gone ??= goneSignal(this.#response)
    return this.#gone
  }

  get address(): string | undefined {
    this.#address ??= addressOf(this.#request)
    return this.#address
  }

  get scheme(): 'http' | 'https' | undefined {
    const isTold = isTrustedProxy(peerOf(this.#request))
    return isTold ? forwardedScheme((name) => headerOf(this.#request, name)) : undefined
  }

  get isForwarded(): boolean {
    return Object.keys(this.#request.headers).some(isForwardingHeader)
  }

  header(name: string): string | undefined {
    return headerOf(this.#request, name)
  }

  readBody(limits: BodyLimits): Promise<Uint8Array> {
    // A client that asks before it sends a body hears yes only now.
    if (this.#request.headers.expect !== undefined && this.#request.httpVersionMinor > 0)
      this.#response?.writeContinue()
    return readNodeBody(this.#request, limits)
  }
}

/** Created at the first read: few requests need it. */
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
  const { status, headers, body, stream } = answer
  const isHead = request.method === 'HEAD'
  if (stream !== undefined && !isHead) return sendStream(response, headers, stream)
  // Node keeps a status without a body free of a length of its own.
  if (status === 204 || status === 304) return void response.writeHead(status, headers).end()
  const length = bodySize(body)
  const mayGzip = length >= GZIP_FROM_BYTES && headers['content-encoding'] === undefined && !isKept(body)
  if (mayGzip && accepts(request.headers['accept-encoding'] ?? '', 'gzip'))
    return sendGzipped(response, { status, headers, body }, isHead)
  response.writeHead(status, { ...headers, 'content-length': length })
  if (isHead) return void response.end()
  if (!isKept(body)) return void response.end(body)
  response.cork()
  response.write(body.start)
  response.end(body.rest)
}

async function sendGzipped(
  response: ServerResponse,
  { status, headers, body }: HttpAnswer & { body: Exclude<Body, KeptBody> },
  isHead: boolean,
): Promise<void> {
  const zipped = await gzipped(body, { level: 1 })
  const vary = headers.vary === undefined ? 'Accept-Encoding' : `${headers.vary}, Accept-Encoding`
  const more = { vary, 'content-encoding': 'gzip', 'content-length': zipped.byteLength }
  response.writeHead(status, { ...headers, ...more })
  response.end(isHead ? undefined : zipped)
}

/**
 * Whether a client takes an encoding.
 * @param header its Accept-Encoding
 */
export function accepts(header: string, encoding: 'gzip' | 'br'): boolean {
  return header.split(',').some((each) => {
    const [name = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase())
    return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter))
  })
}

interface PendingWrite {
  response: ServerResponse
  send: () => void | Promise<void>
}

let waiting: PendingWrite[] = []

/**
 * Coalesces the writes of one turn of the event loop: an answer is sent after everything that arrived in that
 * turn was processed. Each write wakes its reader. Writes that follow at once find the reader awake, which saves
 * a third of the cost of a write on a virtual machine.
 * @param send a response whose answer cannot be sent is destroyed
 */
export function coalesceWrites(response: ServerResponse, send: PendingWrite['send']): void {
  if (waiting.push({ response, send }) === 1) setImmediate(flushWrites)
}

function flushWrites(): void {
  const writes = waiting
  waiting = []
  for (const { response, send } of writes) {
    try {
      send()?.catch(() => response.destroy())
    } catch {
      response.destroy()
    }
  }
}
