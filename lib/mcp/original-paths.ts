import type { AdmittedRequest, HttpAnswer } from '../door/message.ts'
import { newId } from '../id.ts'
import { run } from './by-hand.ts'
import { callerOf } from './caller.ts'
import { type Endpoint, methodNotAllowed } from './endpoint.ts'
import { errorBody, INVALID_REQUEST, toRpcError } from './errors.ts'
import { ACCEPTED, json } from './exchange.ts'
import { idOf, readMessage } from './message.ts'
import { isHandshakeRevision } from './revision.ts'

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
export const originalPaths: readonly (readonly [string, Endpoint])[] = [
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
  const version = http.header('mcp-protocol-version')
  const revision = version !== undefined && isHandshakeRevision(version) ? version : ORIGINAL_REVISION
  return run(callerOf(http, revision, { requestId: incoming.request.id }), incoming.request)
}

function invalid(body: unknown, message: string): HttpAnswer {
  return json(200, errorBody(idOf(body) ?? null, { code: INVALID_REQUEST, message }))
}
