import { appError } from '../errors.ts'
import { admitMonitor } from './admit.ts'
import type { HttpRequest } from './message.ts'
import type { Protocol } from './pass.ts'
import { problemAnswer } from './problem.ts'
import { webRoute } from './web.ts'

/** The answer to a monitor. */
export interface ProbeAnswer {
  status: number
  contentType: string
  body: string
}

export interface ProbeOptions {
  /** Its path, for the log and the metrics: what a client sends may be another spelling. */
  route: string
  /** Whether only tools may ask under a name that is not ours: what is told is nothing for pages. */
  toolsOnly: boolean
  /** Asks for more than that somebody asks. @throws what refuses them */
  guard?: (request: HttpRequest) => Promise<void>
  ask: (request: HttpRequest) => ProbeAnswer | Promise<ProbeAnswer>
}

const ALLOW = 'GET, HEAD'

/**
 * The exports of a route file for monitors: no database, never cached. They ask an instance by its address or by the
 * name of a service, so its Host need not be one of ours.
 */
export function probe({ route, toolsOnly, guard, ask }: ProbeOptions) {
  const protocol: Protocol = {
    name: 'probe',
    allow: ALLOW,
    async admit(request) {
      Object.assign(request.record, { route, isHot: true })
      admitMonitor(request, toolsOnly)
      await guard?.(request)
      return request
    },
    async answer(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        throw appError('method_not_allowed', `${request.method} is not possible here: ${ALLOW}.`)
      const { status, contentType, body } = await ask(request)
      const headers = {
        'content-type': contentType,
        'cache-control': 'no-store',
        'x-request-id': request.id,
      }
      return { status, headers, body }
    },
    refuse,
  }
  const { OPTIONS: _, ...methods } = webRoute(() => protocol)
  return methods
}

function refuse(error: unknown, request: HttpRequest) {
  const answer = problemAnswer(error, request)
  return answer.status === 405 ? { ...answer, headers: { ...answer.headers, allow: ALLOW } } : answer
}

/** A JSON body for a monitor. */
export function jsonProbe(body: unknown, status = 200): ProbeAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) }
}
