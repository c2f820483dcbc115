import type { IncomingMessage, ServerResponse } from 'node:http'
import { leaveTogether } from '../http/leave-together.ts'
import { nodeRequest } from '../http/node.ts'
import { sendStream } from '../http/stream.ts'
import { answer, type Endpoint } from './endpoint.ts'
import { isStream, type McpAnswer } from './exchange.ts'
import { originalPaths } from './original-paths.ts'
import { streamableHttp } from './streamable-http.ts'

/** The addresses that agents use, all of them taken before Next's router. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([['/api/mcp', streamableHttp], ...originalPaths])

/**
 * Takes requests to `/api/mcp` and the four `/mcp/…` paths before Next's router, which costs a request a
 * millisecond. The route files answer the same where that router comes first.
 * @returns whether the request was taken
 */
export function mcpHot(request: IncomingMessage, response: ServerResponse): boolean {
  const { url = '' } = request
  if (!url.startsWith('/api/mcp') && !url.startsWith('/mcp/')) return false
  const query = url.indexOf('?')
  const endpoint = ENDPOINTS.get(query === -1 ? url : url.slice(0, query))
  if (endpoint === undefined) return false
  answer(endpoint, nodeRequest(request, response))
    .then((answered) => leaveTogether(response, () => send(request, response, answered)))
    .catch(() => response.destroy())
  return true
}

function send(request: IncomingMessage, response: ServerResponse, answered: McpAnswer): void {
  if (isStream(answered)) return sendStream(response, answered.headers, answered.start)
  const { status, headers, body } = answered
  const start = typeof body === 'string' ? body : body?.start
  const rest = typeof body === 'object' ? body.rest : undefined
  const length = (start === undefined ? 0 : Buffer.byteLength(start)) + (rest?.byteLength ?? 0)
  response.writeHead(status, { ...headers, 'content-length': length })
  if (request.method === 'HEAD') return void response.end()
  if (rest === undefined) return void response.end(start)
  response.cork()
  response.write(start)
  response.end(rest)
}
