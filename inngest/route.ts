import { checkHost } from '#lib/access/host-guard.ts'
import { checkOrigin } from '#lib/access/origin-guard.ts'
import { appError } from '#lib/errors.ts'
import { fetchMetadata, requestId } from '#lib/http/context.ts'
import { logAnswer } from '#lib/http/log-answer.ts'
import { problemAnswer } from '#lib/http/problem.ts'
import { readWebBody } from '#lib/http/read-body.ts'
import { webRequest, webResponse } from '#lib/http/web.ts'
import { getRuntime } from '#lib/runtime.ts'
import { inngestHandler } from './serve.ts'

type Handler = (request: Request) => Promise<Response>
type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

const PATH = '/api/inngest'
const ALLOW = 'GET, POST, PUT'

/**
 * The exports of the route file that serves the functions. The SDK checks the signature; what is refused
 * before it sees the request (a foreign Host, another method, a body without end) is answered as anywhere.
 */
export function inngestRoute(): Record<Method, Handler> {
  const handler: Handler = async (request) => {
    const started = performance.now()
    const { method } = request
    try {
      return await answer(request)
    } catch (error) {
      const id = requestId(webRequest(request))
      const problem = problemAnswer(error, webRequest(request), id)
      logAnswer({ id, method, route: PATH, status: problem.status, started }, error)
      if (problem.status === 405) problem.headers.allow = ALLOW
      return webResponse(request, problem)
    }
  }
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

async function answer(request: Request): Promise<Response> {
  const { url, method, headers } = request
  checkHost(headers.get('host') ?? undefined)
  checkOrigin(fetchMetadata(webRequest(request)), { mayNavigate: false })
  if (method !== 'GET' && method !== 'POST' && method !== 'PUT')
    throw appError('method_not_allowed', `${method} is not possible here: ${ALLOW}.`)
  const serve = getRuntime().once('inngest.handler', inngestHandler)
  if (method === 'GET') return serve(request)
  const { inngest, limits } = getRuntime().config
  const body = await readWebBody(request, {
    bytes: inngest.call_bytes,
    milliseconds: limits.body_ms,
    key: 'inngest.call_bytes',
  })
  return serve(new Request(url, { method, headers, body: Buffer.from(body) }))
}
