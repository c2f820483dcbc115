import { readableStream } from '../http/stream.ts'
import { webRequest } from '../http/web.ts'
import { answer, type Endpoint } from './endpoint.ts'
import { bodyText, isStream, type McpAnswer } from './exchange.ts'

type Handler = (request: Request) => Promise<Response>
type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** The exports of a route file; the methods that are not possible answer 405 in the protocol's form. */
export function mcpRoute(endpoint: Endpoint): Record<Method, Handler> {
  const handler: Handler = async (request) => toResponse(request, await answer(endpoint, webRequest(request)))
  return {
    GET: handler,
    HEAD: handler,
    POST: handler,
    PUT: handler,
    PATCH: handler,
    DELETE: handler,
    OPTIONS: handler,
  }
}

function toResponse(request: Request, answered: McpAnswer): Response {
  if (isStream(answered)) return new Response(readableStream(answered.start), { headers: answered.headers })
  const { status, headers, body } = answered
  const sent = body === undefined || request.method === 'HEAD' ? null : bodyText(body)
  return new Response(sent, { status, headers })
}
