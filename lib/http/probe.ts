import { checkToolHost } from '../access/host-guard.ts'
import { checkOrigin } from '../access/origin-guard.ts'
import { appError } from '../errors.ts'
import { fetchMetadata, requestId } from './context.ts'
import { logAnswer } from './log-answer.ts'
import type { HttpAnswer, HttpRequest } from './message.ts'
import { problemAnswer } from './problem.ts'
import { webRequest, webResponse } from './web.ts'

/** What a monitor is told. */
export interface ProbeAnswer {
  status: number
  contentType: string
  body: string
}

export interface ProbeOptions {
  /** Whether only tools may ask under a name that is not ours: what is told is nothing for pages. */
  toolsOnly: boolean
  ask: () => ProbeAnswer | Promise<ProbeAnswer>
}

const ALLOW = 'GET, HEAD'

/**
 * The exports of a route file for monitors: no actor, no database, never cached. They ask an instance by its
 * address or by the name of a service, so its Host need not be one of ours.
 */
export function probe(options: ProbeOptions) {
  const handler = async (request: Request) =>
    webResponse(request, await answerProbe(options, webRequest(request)))
  return { GET: handler, HEAD: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler }
}

async function answerProbe({ toolsOnly, ask }: ProbeOptions, request: HttpRequest): Promise<HttpAnswer> {
  const started = performance.now()
  const id = requestId(request)
  try {
    checkOrigin(fetchMetadata(request), { mayNavigate: true })
    if (toolsOnly) checkToolHost((name) => request.header(name))
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw appError('method_not_allowed', `${request.method} is not possible here: ${ALLOW}.`)
    const { status, contentType, body } = await ask()
    const headers = {
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': id,
    }
    return { status, headers, body }
  } catch (error) {
    const answer = problemAnswer(error, request, id)
    logAnswer({ id, method: request.method, route: request.path, status: answer.status, started }, error)
    if (answer.status === 405) answer.headers.allow = ALLOW
    return answer
  }
}

/** A JSON body for a monitor. */
export function jsonProbe(body: unknown, status = 200): ProbeAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) }
}
