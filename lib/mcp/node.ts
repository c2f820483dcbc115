import type { IncomingMessage, ServerResponse } from 'node:http'
import { connections, noRoom } from '../http/edge/connections.ts'
import { leaveTogether } from '../http/leave-together.ts'
import { nodeRequest } from '../http/node.ts'
import { sendStream } from '../http/stream.ts'
import { answer, type Endpoint, refusal } from './endpoint.ts'
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
    .then((answered) => {
      const isHeld = connections().hold(response, sizeOf(answered))
      const fitting = isHeld ? answered : refusal(noRoom(), undefined)
      return leaveTogether(response, () => send(request, response, fitting))
    })
    .catch(() => response.destroy())
  return true
}

function send(request: IncomingMessage, response: ServerResponse, answered: McpAnswer): void {
  if (isStream(answered)) return sendStream(response, answered.headers, answered.start)
  const { status, headers, body } = answered
  const { start, rest } = typeof body === 'object' ? body : { start: body, rest: undefined }
  response.writeHead(status, { ...headers, 'content-length': sizeOf(answered) })
  if (request.method === 'HEAD') return void response.end()
  if (rest === undefined) return void response.end(start)
  response.cork()
  response.write(start)
  response.end(rest)
}

/** Bytes of an answer's body; a stream counts as nothing. */
function sizeOf(answered: McpAnswer): number {
  if (isStream(answered) || answered.body === undefined) return 0
  const { body } = answered
  return typeof body === 'string'
    ? Buffer.byteLength(body)
    : Buffer.byteLength(body.start) + body.rest.byteLength
}
