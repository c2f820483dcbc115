import {
  classifyInboundRequest,
  createMcpHandler,
  type JSONRPCMessage,
  type McpHttpHandler,
  McpServer,
  type Transport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { HttpRequest } from '../http/message.ts'
import { getRuntime } from '../runtime.ts'
import { type Caller, callerOf } from './caller.ts'
import { readClient } from './envelope.ts'
import { json, type PlainAnswer } from './exchange.ts'
import type { RpcRequest } from './message.ts'
import { DISCOVER_TTL_MS, METHOD_NAMES, runMethod, ttlOf } from './methods.ts'
import { HANDSHAKE_REVISIONS, STATELESS_REVISION } from './revision.ts'
import { CAPABILITIES, INSTRUCTIONS, serverInfo } from './server-info.ts'

/** Methods check their own parameters, so that both ways of answering say the same. */
const AnyParams = z.looseObject({})

/** The SDK's server over our methods, for one request of one caller. */
function createServer(caller: Caller): McpServer {
  const modern = caller.revision === STATELESS_REVISION
  const server = new McpServer(serverInfo(), {
    capabilities: CAPABILITIES,
    instructions: INSTRUCTIONS,
    supportedProtocolVersions: modern ? [STATELESS_REVISION] : [...HANDSHAKE_REVISIONS],
    cacheHints: {
      ...cacheHints(),
      'server/discover': { ttlMs: DISCOVER_TTL_MS, cacheScope: 'private' },
    },
  })
  for (const name of METHOD_NAMES)
    server.server.setRequestHandler(name, { params: AnyParams }, (params) => runMethod(caller, name, params))
  return server
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
export function classify(http: HttpRequest, body: unknown): ReturnType<typeof classifyInboundRequest> {
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

/** Answers a request of a revision with a handshake; each stands for itself. */
export async function answerHandshake(caller: Caller, request: RpcRequest): Promise<PlainAnswer> {
  const server = createServer(caller)
  try {
    const answer = await new Promise<JSONRPCMessage>((resolve, reject) => {
      const transport: Transport = {
        start: () => Promise.resolve(),
        close: () => Promise.resolve(),
        send(message) {
          if (!('method' in message)) resolve(message)
          return Promise.resolve()
        },
      }
      server.connect(transport).then(() => transport.onmessage?.(request), reject)
    })
    return json(200, JSON.stringify(answer))
  } finally {
    await server.close()
  }
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
export async function answerStateless(http: HttpRequest, body: unknown): Promise<PlainAnswer> {
  const { handler, callers } = statelessSdk()
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const name of ['mcp-protocol-version', 'mcp-method', 'mcp-name']) {
    const value = http.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  const request = new Request('http://localhost/api/mcp', { method: 'POST', headers })
  callers.set(request, callerOf(http, STATELESS_REVISION, readClient(body)))
  const response = await handler.fetch(request, { parsedBody: body })
  const text = await response.text()
  return { ...json(response.status, text), body: text === '' ? undefined : text }
}
