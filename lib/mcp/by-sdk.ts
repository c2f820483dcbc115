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
import { getRuntime } from '../runtime.ts'
import { type Caller, callerOf } from './caller.ts'
import { metaOf, readAsking } from './envelope.ts'
import { RESOURCE_NOT_FOUND, type RpcErrorBody } from './errors.ts'
import { json } from './exchange.ts'
import { lateStream, relayed } from './late-stream.ts'
import { isObject, type RpcRequest } from './message.ts'
import { DISCOVER_TTL_MS, METHOD_NAMES, runMethod, ttlOf } from './methods.ts'
import { HANDSHAKE_REVISIONS, STATELESS_REVISION, unknownId } from './revision.ts'
import { readableAnswer, readableError } from './sdk-error.ts'
import { capabilitiesOf, INSTRUCTIONS, serverInfo } from './server-info.ts'

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
      runMethod(withReport(caller, context), name, params),
    )
  return server
}

/** Whoever sends a progress token hears how the call gets on. */
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
    if (ttlMs !== undefined) hints[name] = { ttlMs, cacheScope: 'private' }
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

/** Answers, or refuses in the protocol's own words, what claims to be of 2026-07-28. */
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
  callers.set(request, callerOf(http, STATELESS_REVISION, readAsking(body)))
  const response = await handler.fetch(request, { parsedBody: body })
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) return relayed(response)
  const text = readableAnswer(await response.text(), unknownId(http.header('mcp-protocol-version')))
  return json(response.status, text)
}

/** Whoever takes no stream cannot be told of progress, and wants the answer all the same. */
function withoutToken(body: unknown): unknown {
  if (!isObject(body) || !isObject(body.params)) return body
  const meta = metaOf({ params: body.params })
  if (meta?.progressToken === undefined) return body
  const { progressToken: _, ...rest } = meta
  return { ...body, params: { ...body.params, _meta: rest } }
}
