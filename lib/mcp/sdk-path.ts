import {
  classifyInboundRequest,
  createMcpHandler,
  type McpHttpHandler,
  McpServer,
  type ServerContext,
  type Transport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { AdmittedRequest, HttpAnswer } from '../door/message.ts'
import { plainMessage } from '../door/plain-words.ts'
import type { Sink } from '../event-stream.ts'
import { getRuntime } from '../runtime.ts'
import { cutText } from '../text.ts'
import { type Caller, callerOf } from './caller.ts'
import { INTERNAL_ERROR, INVALID_PARAMS, RESOURCE_NOT_FOUND, type RpcErrorBody } from './errors.ts'
import { DISCOVER_TTL_MS, isExtension, METHOD_NAMES, runMethod, ttlOf } from './methods.ts'
import { capabilitiesOf, INSTRUCTIONS, serverInfo } from './server-info.ts'
import {
  HANDSHAKE_REVISIONS,
  isObject,
  type JsonObject,
  metaOf,
  type RpcRequest,
  readRequester,
  STATELESS_REVISION,
  unknownId,
} from './transport/message.ts'
import { json, streamAnswer } from './transport/serialise.ts'

/** Methods check their own parameters, so that both ways of answering say the same. */
const AnyParams = z.looseObject({})

/** The SDK's server over our methods, for one request of one caller. */
function createServer(caller: Caller): McpServer {
  const modern = caller.revision === STATELESS_REVISION
  const server = new McpServer(serverInfo(), {
    capabilities: capabilitiesOf(caller.revision),
    instructions: INSTRUCTIONS,
    supportedProtocolVersions: modern ? [STATELESS_REVISION] : [...HANDSHAKE_REVISIONS],
    cacheHints: {
      ...cacheHints(),
      'server/discover': { ttlMs: DISCOVER_TTL_MS, cacheScope: 'private' },
    },
  })
  for (const name of METHOD_NAMES)
    server.server.setRequestHandler(name, { params: AnyParams }, (params, context) =>
      runMethod(withReport(caller, context), name, params).then((result) =>
        withCacheHint(caller, name, result),
      ),
    )
  return server
}

/** The SDK says how long the results of its own methods hold; those of an extension say it themselves. */
function withCacheHint({ revision }: Caller, name: string, result: JsonObject): JsonObject {
  if (revision !== STATELESS_REVISION || !isExtension(name)) return result
  return { ...result, ttlMs: ttlOf(name), cacheScope: 'private' }
}

/** A client that sends a progress token gets the progress of the call. */
function withReport(caller: Caller, { mcpReq }: ServerContext): Caller {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return caller
  const report = (progress: number, message: string) =>
    void mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
      // Nobody reads any more.
      .catch(() => undefined)
  return { ...caller, report, signal: mcpReq.signal }
}

function cacheHints(): Record<string, { ttlMs: number; cacheScope: 'private' }> {
  const hints: Record<string, { ttlMs: number; cacheScope: 'private' }> = {}
  for (const name of METHOD_NAMES) {
    const ttlMs = ttlOf(name)
    if (ttlMs !== undefined && !isExtension(name)) hints[name] = { ttlMs, cacheScope: 'private' }
  }
  return hints
}

/** How the SDK understands a posted body: its revision, or why it is refused. */
export function classify(http: AdmittedRequest, body: unknown): ReturnType<typeof classifyInboundRequest> {
  const headers = {
    protocolVersionHeader: http.header('mcp-protocol-version'),
    mcpMethodHeader: http.header('mcp-method'),
    mcpNameHeader: http.header('mcp-name'),
  }
  return classifyInboundRequest({
    httpMethod: http.method,
    ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    body,
  })
}

/**
 * Answers a request of a revision with a handshake; each stands for itself. The answer is JSON, unless
 * something is told before it and the client takes a stream: then it is one that ends with the answer.
 */
export function answerHandshake(
  caller: Caller,
  request: RpcRequest,
  { takesStream }: { takesStream: boolean },
): Promise<HttpAnswer> {
  const server = createServer(caller)
  const close = () => void server.close().catch(() => undefined)
  return new Promise<HttpAnswer>((resolve, reject) => {
    const stream = lateStream(close)
    let isStream = false
    const transport: Transport = {
      start: () => Promise.resolve(),
      close: () => Promise.resolve(),
      send(sent) {
        const message =
          'error' in sent ? { ...sent, error: ofHandshake(request, readableError(sent.error)) } : sent
        const isNotice = 'method' in message
        if (isNotice && takesStream) {
          isStream = true
          resolve(stream.answer)
        }
        if (isStream) stream.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`)
        if (isNotice) return Promise.resolve()
        if (isStream) stream.end()
        else resolve(json(200, JSON.stringify(message)))
        close()
        return Promise.resolve()
      },
    }
    server.connect(transport).then(() => transport.onmessage?.(request), reject)
  })
}

/** The SDK gives a resource that does not exist the code of the newest revision, whatever the revision. */
function ofHandshake({ method }: RpcRequest, error: RpcErrorBody): RpcErrorBody {
  const isMissing = method === 'resources/read' && isObject(error.data) && error.data.uri !== undefined
  return isMissing ? { ...error, code: RESOURCE_NOT_FOUND } : error
}

/** The same where several answers go into one: JSON, whatever is told before it. */
export async function answerPlainly(caller: Caller, request: RpcRequest): Promise<HttpAnswer> {
  const answer = await answerHandshake(caller, request, { takesStream: false })
  if (answer.stream !== undefined) throw new Error('a stream was answered to whom takes none')
  return answer
}

interface StatelessSdk {
  handler: McpHttpHandler
  callers: WeakMap<Request, Caller>
}

/** One handler of the SDK for all requests of 2026-07-28; each brings its caller along. */
function statelessSdk(): StatelessSdk {
  return getRuntime().once('mcp.sdk', ({ log }) => {
    const callers = new WeakMap<Request, Caller>()
    const handler = createMcpHandler(
      ({ requestInfo }) => {
        const caller = requestInfo === undefined ? undefined : callers.get(requestInfo)
        if (caller === undefined) throw new Error('a request came to the SDK without its caller')
        return createServer(caller)
      },
      { legacy: 'reject', onerror: (error) => log.debug({ err: error }, 'the MCP SDK refused a request') },
    )
    return { handler, callers }
  })
}

/** Answers a message that claims to be of 2026-07-28, or refuses it in the protocol's own words. */
export async function answerStateless(
  http: AdmittedRequest,
  given: unknown,
  { takesStream }: { takesStream: boolean },
): Promise<HttpAnswer> {
  const body = takesStream ? given : withoutToken(given)
  const { handler, callers } = statelessSdk()
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const name of ['mcp-protocol-version', 'mcp-method', 'mcp-name']) {
    const value = http.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  const request = new Request('http://localhost/api/mcp', { method: 'POST', headers })
  callers.set(request, callerOf(http, STATELESS_REVISION, readRequester(body)))
  const response = await handler.fetch(request, { parsedBody: body })
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) return relayed(response)
  const text = readableAnswer(await response.text(), unknownId(http.header('mcp-protocol-version')))
  return json(response.status, text)
}

/** A client that takes no stream gets the answer without the progress. */
function withoutToken(body: unknown): unknown {
  if (!isObject(body) || !isObject(body.params)) return body
  const meta = metaOf({ params: body.params })
  if (meta?.progressToken === undefined) return body
  const { progressToken: _, ...rest } = meta
  return { ...body, params: { ...body.params, _meta: rest } }
}

/** An issue of zod, as the SDK passes it on within a text. */
interface Issue {
  path: (string | number)[]
  message: string
}

/** How many faults of one message are named, and in how many characters. */
const MOST_ISSUES = 5
const MOST_CHARACTERS = 1000

/**
 * An error of the SDK for people and models: where it hands on the raw list of what a schema found, this
 * says it as a sentence; and a message that a schema refused has wrong parameters, which is no internal error.
 */
function readableError<E extends RpcErrorBody>(error: E): E {
  const start = error.message.indexOf('[')
  const issues = start === -1 ? undefined : readIssues(error.message.slice(start))
  if (issues === undefined) return error
  const named = issues.slice(0, MOST_ISSUES).map(({ path, message }) => {
    const place = path.length === 0 ? 'The message' : path.join('.')
    return `${place}: ${plainMessage(message)}`
  })
  const more = issues.length > MOST_ISSUES ? ` (and ${issues.length - MOST_ISSUES} more)` : ''
  const code = error.code === INTERNAL_ERROR ? INVALID_PARAMS : error.code
  return { ...error, code, message: `Invalid params: ${cutText(named.join('; '), MOST_CHARACTERS)}${more}` }
}

function readIssues(text: string): Issue[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return Array.isArray(value) && value.length > 0 && value.every(isIssue) ? value : undefined
}

function isIssue(value: unknown): value is Issue {
  return isObject(value) && Array.isArray(value.path) && typeof value.message === 'string'
}

/**
 * The text of an answer of the SDK, with its error in a readable form.
 * @param unknown the id of an error whose request is unknown: null, or none
 */
function readableAnswer(text: string, unknown: null | undefined): string {
  if (!text.includes('"error"')) return text
  const answer: unknown = JSON.parse(text)
  if (!isObject(answer) || !isErrorBody(answer.error)) return text
  const { id, ...rest } = answer
  return JSON.stringify({
    ...rest,
    ...(id === null && unknown === undefined ? {} : { id }),
    error: readableError(answer.error),
  })
}

function isErrorBody(value: unknown): value is RpcErrorBody {
  return isObject(value) && typeof value.code === 'number' && typeof value.message === 'string'
}

/** An event stream whose first frames may be there before anybody takes it. */
export interface LateStream {
  readonly answer: HttpAnswer
  write(frame: string | Uint8Array): void
  end(): void
}

/** @param onStop called once when the reader goes away */
function lateStream(onStop: () => void): LateStream {
  const waiting: (string | Uint8Array)[] = []
  let sink: Sink | undefined
  let isEnded = false
  return {
    answer: streamAnswer((taken) => {
      sink = taken
      for (const frame of waiting) taken.write(frame)
      waiting.length = 0
      if (isEnded) taken.end()
      return onStop
    }),
    write(frame) {
      if (sink === undefined) waiting.push(frame)
      else sink.write(frame)
    },
    end() {
      isEnded = true
      sink?.end()
    },
  }
}

/** The event stream of a Web response, as it comes. */
function relayed(response: Response): HttpAnswer {
  const reader = response.body?.getReader()
  const stream = lateStream(() => void reader?.cancel().catch(() => undefined))
  const read = async () => {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      stream.write(part.value)
  }
  void read()
    .catch(() => undefined)
    .finally(() => stream.end())
  return stream.answer
}
