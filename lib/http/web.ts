import type { HttpAnswer, HttpRequest } from './message.ts'
import { notedPeer } from './peer.ts'
import { readWebBody } from './read-body.ts'
import { readableStream } from './stream.ts'

/** A Web request as the core sees it. */
export function webRequest(request: Request): HttpRequest {
  const { pathname, search } = new URL(request.url)
  return {
    method: request.method,
    path: pathname,
    search: search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: (limits) => readWebBody(request, limits),
    gone: request.signal,
    address: notedPeer(request.headers),
  }
}

/** An answer as a Web response. */
export function webResponse(request: Request, answer: HttpAnswer): Response {
  const { stream } = answer
  if (stream !== undefined && request.method !== 'HEAD')
    return new Response(readableStream(stream), { headers: answer.headers })
  const body = answer.body === '' || request.method === 'HEAD' ? null : answer.body
  return new Response(body, { status: answer.status, headers: answer.headers })
}
