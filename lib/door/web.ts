import { isForwardedPastNext } from '../access/forwarding.ts'
import {
  bodySize,
  type HttpAnswer,
  type HttpRequest,
  isKept,
  notedPeer,
  RequestRecord,
  requestId,
} from './message.ts'
import { type Protocol, pass } from './pass.ts'
import { readWebBody } from './read-body.ts'
import { readableStream } from './stream.ts'

type Handler = (request: Request) => Promise<Response>
type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/**
 * The exports of a route file: every method comes through the door, so that 405, OPTIONS and HEAD are ours too.
 * @param protocolOf what answers a request
 */
export function webRoute<R extends HttpRequest>(
  protocolOf: (request: Request) => Protocol<R>,
): Record<Method, Handler> {
  const handler: Handler = async (request) =>
    webResponse(request, await pass(protocolOf(request), webRequest(request)))
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

/** A Web request as every protocol sees it. */
export function webRequest(request: Request): HttpRequest {
  const { pathname, search } = new URL(request.url)
  return {
    id: requestId(request.headers.get('x-request-id') ?? undefined),
    method: request.method,
    path: pathname,
    search: search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: (limits) => readWebBody(request, limits),
    gone: request.signal,
    address: notedPeer(request.headers)?.address,
    // Where there is an edge, it has looked before Next added headers of its own.
    isForwarded: notedPeer(request.headers) === undefined && isForwardedPastNext(request.headers),
    record: new RequestRecord(),
  }
}

/** An answer as a Web response. */
function webResponse(request: Request, { status, headers, body, stream }: HttpAnswer): Response {
  const isHead = request.method === 'HEAD'
  if (stream !== undefined && !isHead) return new Response(readableStream(stream), { headers })
  const sent =
    isHead || bodySize(body) === 0
      ? null
      : isKept(body)
        ? Buffer.concat([Buffer.from(body.start), body.rest])
        : body
  return new Response(sent, { status, headers })
}
