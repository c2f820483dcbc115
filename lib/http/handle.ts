import type { Actor } from '../access/actor.ts'
import { checkHost } from '../access/host-guard.ts'
import { localActor } from '../access/local-actor.ts'
import { checkOrigin } from '../access/origin-guard.ts'
import type { Endpoint } from '../endpoint.ts'
import { appError } from '../errors.ts'
import { countRequest } from '../request-metrics.ts'
import { getRuntime } from '../runtime.ts'
import { unknownPath } from './address.ts'
import { checkMediaType, readBody } from './body.ts'
import { fetchMetadata, requestContext, requestId } from './context.ts'
import { corsHeaders, preflightHeaders } from './cors.ts'
import { readInput } from './input.ts'
import { logAnswer } from './log-answer.ts'
import type { HttpAnswer, HttpRequest } from './message.ts'
import { problemAnswer } from './problem.ts'
import type { Resource } from './resource.ts'
import { successAnswer } from './success.ts'

const EMPTY = new Uint8Array()

const SAFETY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

/** Answers a request to a resource, whatever happens; never throws. The one way through REST. */
export async function handle(resource: Resource, request: HttpRequest): Promise<HttpAnswer> {
  const started = performance.now()
  const id = requestId(request)
  const endpoint = resource.endpoints.get(request.method === 'HEAD' ? 'GET' : request.method)
  let answer: HttpAnswer
  let failure: unknown
  try {
    checkHost(request.header('host'))
    answer =
      endpoint === undefined ? withoutEndpoint(resource, request, id) : await perform(endpoint, request, id)
  } catch (error) {
    failure = error
    answer = problemAnswer(error, request, id, endpoint?.contract)
    if (answer.status === 405) answer.headers.allow = resource.allow
  }
  const { vary } = answer.headers
  Object.assign(answer.headers, SAFETY_HEADERS, corsHeaders(request))
  if (vary !== undefined && answer.headers.vary !== vary) answer.headers.vary += `, ${vary}`
  const route = endpoint?.contract.path ?? 'none'
  const operation = endpoint === undefined ? 'none' : `${endpoint.contract.method} ${route}`
  countRequest('rest', operation, String(answer.status), started)
  logAnswer({ id, method: request.method, route, status: answer.status, started }, failure)
  return answer
}

/** OPTIONS, methods that the path does not have, and paths that have none at all. */
function withoutEndpoint(resource: Resource, request: HttpRequest, id: string): HttpAnswer {
  if (resource.endpoints.size === 0) throw unknownPath()
  if (request.method !== 'OPTIONS')
    throw appError('method_not_allowed', `${request.method} is not possible here: ${resource.allow}.`)
  const headers = { allow: resource.allow, 'x-request-id': id, ...preflightHeaders(request, resource.allow) }
  return { status: 204, headers, body: '' }
}

async function perform(endpoint: Endpoint, request: HttpRequest, id: string): Promise<HttpAnswer> {
  const { contract } = endpoint
  let body: Uint8Array = EMPTY
  // A stream holds a place of few: nobody is led to one by a link.
  checkOrigin(fetchMetadata(request), {
    mayNavigate: contract.method === 'GET' && contract.stream !== true,
  })
  if (contract.method !== 'GET') {
    checkMediaType(request)
    body = await readBody(request)
  }
  const input = readInput(contract, request, body)
  const actor = localActor(requestContext(request, id, contract, body))
  if (actor.request.revision !== undefined) await awaitRevision(actor, actor.request.revision)
  const output = await endpoint.run(actor, input)
  return successAnswer(contract, output, request, actor.request)
}

/**
 * Whoever names a revision has seen it somewhere: this instance hears of it within moments. What is still
 * older after the wait is read from the primary.
 */
async function awaitRevision(actor: Actor, revision: number): Promise<void> {
  const { feed, database, config } = getRuntime()
  if (feed.seen(actor.workspaceId) >= revision || database.availability.down) return
  await feed.waitFor(actor.workspaceId, revision, config.database.revision_wait_ms)
}
