import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AdmittedRequest, HttpAnswer } from '../../door/message.ts'
import { serveNode } from '../../door/node.ts'
import { newId } from '../../id.ts'
import { callerOf } from '../caller.ts'
import { type Endpoint, mcpProtocol, methodNotAllowed } from '../endpoint.ts'
import { errorBody, INVALID_REQUEST, toRpcError } from '../errors.ts'
import { run } from '../fast-path.ts'
import { assertScope } from '../methods.ts'
import { idOf, isHandshakeRevision, readMessage } from './message.ts'
import { ACCEPTED, json } from './serialise.ts'
import { streamableHttp } from './streamable-http.ts'

/** The revision of the system that these paths come from. */
const ORIGINAL_REVISION = '2024-11-05'

/**
 * One of the original system's paths: one JSON-RPC request of one method in, one answer out. Every answer
 * of JSON-RPC, errors included, comes with 200.
 */
export function originalPath(method: string): Endpoint {
  return {
    allow: 'POST',
    open: (http) => (http.method === 'POST' ? undefined : methodNotAllowed(http, 'POST')),
    post: (http, body) => post(method, http, body),
    tooLarge: (error) => json(200, errorBody(null, toRpcError(error, newId()))),
  }
}

/** The four paths with what answers them. */
const originalPaths: readonly (readonly [string, Endpoint])[] = [
  'prompts/list',
  'prompts/get',
  'tools/list',
  'tools/call',
].map((method) => [`/mcp/${method}`, originalPath(method)] as const)

function post(method: string, http: AdmittedRequest, body: unknown): HttpAnswer | Promise<HttpAnswer> {
  const incoming = readMessage(body)
  if (incoming.kind === 'notification') return ACCEPTED
  if (incoming.kind !== 'request') return invalid(body, 'The body is not one JSON-RPC request.')
  if (incoming.request.method !== method)
    return invalid(body, `This path answers ${method} alone; every method is served at /api/mcp.`)
  http.record.route = method
  assertScope(http, incoming.request)
  const version = http.header('mcp-protocol-version')
  const revision = version !== undefined && isHandshakeRevision(version) ? version : ORIGINAL_REVISION
  return run(callerOf(http, revision, undefined, incoming.request), incoming.request)
}

function invalid(body: unknown, message: string): HttpAnswer {
  return json(200, errorBody(idOf(body) ?? null, { code: INVALID_REQUEST, message }))
}

/** The addresses that agents use, all of them taken before Next's router. */
const PROTOCOLS = new Map(
  [['/api/mcp', streamableHttp] as const, ...originalPaths].map(
    ([path, endpoint]) => [path, mcpProtocol(endpoint)] as const,
  ),
)

/**
 * Takes requests to `/api/mcp` and the four `/mcp/…` paths before Next's router, which costs a request a
 * millisecond. The route files answer the same where that router comes first.
 * @returns whether the request was taken
 */
export function mcpEarly(request: IncomingMessage, response: ServerResponse): boolean {
  const { url = '' } = request
  if (!url.startsWith('/api/mcp') && !url.startsWith('/mcp/')) return false
  const query = url.indexOf('?')
  const protocol = PROTOCOLS.get(query === -1 ? url : url.slice(0, query))
  if (protocol === undefined) return false
  serveNode(protocol, request, response)
  return true
}
