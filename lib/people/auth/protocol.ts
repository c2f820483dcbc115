import type { IncomingMessage, ServerResponse } from 'node:http'
import { identify, PAGES_TAKE } from '../../access/identify.ts'
import { knownAccessState } from '../../access/state.ts'
import { admitUnknown } from '../../door/admit.ts'
import { checkMediaType, parseBody } from '../../door/body.ts'
import type { HttpAnswer, HttpRequest } from '../../door/message.ts'
import { serveNode } from '../../door/node.ts'
import type { Protocol } from '../../door/pass.ts'
import { asAppError, problemAnswer } from '../../door/problem.ts'
import { appError } from '../../errors.ts'
import { readTrace } from '../../id.ts'
import { queryParameters } from '../../rest/address.ts'
import { issueDetails, schemaFault } from '../../rest/issues.ts'
import { getRuntime } from '../../runtime.ts'
import { readCookie } from './cookies.ts'
import type { AuthAnswer, AuthEndpoint } from './endpoint.ts'
import { AUTH_ENDPOINTS } from './endpoints.ts'
import type { AuthRequest } from './member.ts'
import { assertAccounts } from './sign-in.ts'
import { countSignIn } from './sign-in-metrics.ts'

const ROOT = '/api/auth'

const SAFETY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
}

const BY_PATH = Map.groupBy(AUTH_ENDPOINTS, ({ path }) => path)

/** Signing in, below /api/auth: what is in the table of endpoints, and nothing else. */
export function authProtocol(path: string): Protocol {
  const endpoints = BY_PATH.get(path.slice(ROOT.length)) ?? []
  const endpointOf = (request: HttpRequest) => endpoints.find(({ method }) => method === request.method)
  const allow = endpoints.map(({ method }) => method).join(', ')
  return {
    name: 'rest',
    allow,
    headers: SAFETY_HEADERS,
    async admit(request) {
      const endpoint = endpointOf(request)
      if (endpoint !== undefined) request.record.route = path
      request.record.trace = readTrace(request.header('traceparent'))
      const known = await signedInAs(request)
      admitUnknown(request, { mayNavigate: endpoint?.mayNavigate === true, known })
      if (request.method !== 'GET') checkOwnOrigin(request)
      return request
    },
    answer(request) {
      const endpoint = endpointOf(request)
      if (endpoint !== undefined) return perform(endpoint, request)
      if (endpoints.length === 0) throw appError('not_found', 'There is nothing at this path.')
      throw appError('method_not_allowed', `${request.method} is not possible here: ${allow}.`)
    },
    refuse(error, request) {
      const answer = problemAnswer(error, request)
      if (answer.status === 405) return { ...answer, headers: { ...answer.headers, allow } }
      return answer.status === 429
        ? { ...answer, headers: { ...answer.headers, ...rateHeaders(error) } }
        : answer
    },
  }
}

/** Signing in before Next's router. @returns whether the request was taken */
export function authEarly(request: IncomingMessage, response: ServerResponse): boolean {
  const [path = ''] = (request.url ?? '').split('?', 1)
  if (!path.startsWith(`${ROOT}/`)) return false
  serveNode(authProtocol(path), request, response)
  return true
}

/** The id of who has a session; undefined: nobody, or it cannot be told now. */
async function signedInAs(request: HttpRequest): Promise<string | undefined> {
  if (knownAccessState() !== 'accounts' || readCookie(request.header('cookie'), 'session') === undefined)
    return undefined
  return identify(request, PAGES_TAKE).then(
    ({ id }) => id,
    () => undefined,
  )
}

async function perform(endpoint: AuthEndpoint, request: HttpRequest): Promise<HttpAnswer> {
  if (!endpoint.isAlways) await assertAccounts()
  const input = await readInput(endpoint, request)
  const answer = await endpoint.run(authRequest(request), input)
  countSignIn(endpoint.path, answer)
  return httpAnswer(answer, request)
}

async function readInput({ method, input }: AuthEndpoint, request: HttpRequest): Promise<unknown> {
  const isRead = method === 'GET'
  const sent = isRead ? queryParameters(request.search) : parseBody(await readBody(request))
  const parsed = input.safeParse(sent)
  if (parsed.success) return parsed.data
  throw schemaFault(issueDetails(parsed.error.issues, isRead ? 'query' : 'body'))
}

/** Nobody is known yet, so less is read than of others. */
function readBody(request: HttpRequest): Promise<Uint8Array> {
  checkMediaType(request)
  const { security, limits } = getRuntime().config
  const bytes = security.sign_in_bytes
  return request.readBody({ bytes, milliseconds: limits.body_ms, key: 'security.sign_in_bytes' })
}

function authRequest(request: HttpRequest): AuthRequest {
  const { id, address, record } = request
  const userAgent = request.header('user-agent')
  const isPage = request.header('sec-fetch-site') === 'same-origin' || request.header('origin') !== undefined
  const surface = isPage && userAgent?.startsWith('Mozilla/') === true ? 'browser' : 'rest'
  const context = { id, surface, address, trace: record.trace, outcome: {} } as const
  return { context, userAgent, cookies: request.header('cookie') }
}

function httpAnswer({ status, body, cookie, location }: AuthAnswer, request: HttpRequest): HttpAnswer {
  const headers = { 'x-request-id': request.id, ...(cookie !== undefined && { 'set-cookie': cookie }) }
  if (location !== undefined) return { status: 303, headers: { ...headers, location }, body: '' }
  if (status === 204) return { status, headers, body: '' }
  const json = { ...headers, 'content-type': 'application/json' }
  return { status: status ?? 200, headers: json, body: JSON.stringify(body === undefined ? {} : body) }
}

/**
 * A browser names the origin of every change that it sends: one with a session comes from our own pages, and no
 * other page signs somebody in. Configured origins (security.cors_origins) have no part in this.
 * @throws forbidden
 */
function checkOwnOrigin(request: HttpRequest): void {
  const origin = request.header('origin')
  const hasSession = readCookie(request.header('cookie'), 'session') !== undefined
  const { protocol, origin: own } = new URL(getRuntime().config.publicUrl)
  const isOwn = origin === own || origin === `${protocol}//${request.header('host')?.toLowerCase()}`
  if (origin === undefined ? !hasSession : isOwn) return
  throw appError('forbidden', 'Only pages of this server may sign people in or change how they do.', {
    details: [{ path: ['Origin'], code: 'origin_not_allowed', message: 'is not the origin of this server' }],
  })
}

/** The limit that was used up, as draft-ietf-httpapi-ratelimit-headers writes it. */
function rateHeaders(thrown: unknown): Record<string, string> {
  const { retryAfter = 1, extra } = asAppError(thrown)
  const rate = extra.rate as { policy: string; requests: number; seconds: number } | undefined
  if (rate === undefined) return {}
  return {
    'ratelimit-policy': `"${rate.policy}";q=${rate.requests};w=${rate.seconds}`,
    ratelimit: `"${rate.policy}";r=0;t=${Math.ceil(retryAfter)}`,
  }
}
