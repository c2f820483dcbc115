import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestContext } from '../access/actor.ts'
import { checkHost } from '../access/host-guard.ts'
import { limitFor } from '../access/limits.ts'
import { senderOf } from '../access/networks.ts'
import { accessState, notSetUp } from '../access/state.ts'
import { checkNearness } from '../door/admit.ts'
import { parseBody } from '../door/body.ts'
import type { HttpAnswer, HttpRequest } from '../door/message.ts'
import { serveNode } from '../door/node.ts'
import type { Protocol } from '../door/pass.ts'
import { asAppError, problemAnswer } from '../door/problem.ts'
import { appError, ERROR_CATALOGUE } from '../errors.ts'
import { CONSENT_PAGE, isOffered, PATHS, resourceMetadata, serverMetadata } from './addresses.ts'
import { readAuthorization } from './authorization.ts'
import { registerClient } from './clients/register.ts'
import { isOAuthError, oauthError } from './errors.ts'
import { readForm } from './form.ts'
import { giveTokens, revokeToken, type TokenRequest } from './tokens.ts'

/** What OAuth clients ask without any credential of a person: the metadata, and the endpoints. */

interface Endpoint {
  readonly method: 'GET' | 'POST'
  answer(request: HttpRequest): Promise<HttpAnswer> | HttpAnswer
}

const SERVER: Endpoint = { method: 'GET', answer: () => json(200, serverMetadata()) }
const RESOURCE: Endpoint = { method: 'GET', answer: () => json(200, resourceMetadata()) }

/** Clients look for the metadata of a server also where the path of the resource is appended (RFC 8414, RFC 9728). */
const ENDPOINTS = new Map<string, Endpoint>([
  ['/.well-known/oauth-protected-resource', RESOURCE],
  ['/.well-known/oauth-protected-resource/api/mcp', RESOURCE],
  ['/.well-known/oauth-authorization-server', SERVER],
  ['/.well-known/oauth-authorization-server/api/mcp', SERVER],
  [PATHS.authorize, { method: 'GET', answer: authorize }],
  [PATHS.token, { method: 'POST', answer: token }],
  [PATHS.revoke, { method: 'POST', answer: revoke }],
  [PATHS.register, { method: 'POST', answer: register }],
])

/** Pages of any origin may ask, since no cookie counts here. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Retry-After, WWW-Authenticate',
  'cross-origin-resource-policy': 'cross-origin',
}

const BODY = { bytes: 65_536, milliseconds: 15_000 }

/** The protocol of one path. */
function oauthProtocol(endpoint: Endpoint | undefined): Protocol {
  const allow = endpoint?.method === 'GET' ? 'GET, HEAD' : (endpoint?.method ?? '')
  return {
    name: 'rest',
    allow,
    async admit(request) {
      if (endpoint !== undefined) request.record.route = request.path
      checkHost(request.header('host'))
      limitFor('unknown', senderOf(request.address)).take()
      const state = await accessState()
      checkNearness(request, state)
      if (state === 'set_up') throw notSetUp()
      return request
    },
    async answer(request) {
      if (endpoint === undefined || !(await isOffered()))
        throw appError(
          'not_found',
          'There is nothing here. OAuth is offered once there are accounts, over https.',
        )
      if (request.method === 'OPTIONS') return preflight(allow)
      if (request.method !== endpoint.method && !(request.method === 'HEAD' && endpoint.method === 'GET'))
        throw appError('method_not_allowed', `${request.method} is not possible here: ${allow}.`)
      return endpoint.answer(request)
    },
    refuse: (error, request) => refuse(error, request, allow),
  }
}

function preflight(allow: string): HttpAnswer {
  const headers = {
    ...CORS,
    allow,
    'access-control-allow-methods': allow,
    'access-control-allow-headers': 'Authorization, Content-Type, Mcp-Protocol-Version',
    'access-control-max-age': '600',
  }
  return { status: 204, headers, body: '' }
}

/** The protocol of a path of OAuth; undefined: it is none. Those of single sign-on are beside them. */
export function oauthProtocolAt(path: string): Protocol | undefined {
  const endpoint = ENDPOINTS.get(path)
  return endpoint === undefined && !path.startsWith('/.well-known/') ? undefined : oauthProtocol(endpoint)
}

/** The same of any path below `/.well-known`, where there is nothing else: for where Next's router comes first. */
export function wellKnownProtocol(path: string): Protocol {
  return oauthProtocol(ENDPOINTS.get(path))
}

/**
 * Takes requests of OAuth clients before Next's router; single sign-on has other paths of `/api/auth/oauth2`.
 * @returns whether the request was taken
 */
export function oauthEarly(request: IncomingMessage, response: ServerResponse): boolean {
  const protocol = oauthProtocolAt(request.url?.split('?', 1)[0] ?? '')
  if (protocol === undefined) return false
  serveNode(protocol, request, response)
  return true
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return {
    status,
    headers: {
      ...CORS,
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...headers,
    },
    body: JSON.stringify(body),
  }
}

/** Leads on to the page that asks the person. A browser whose client cannot be told is led there too, to read why. */
async function authorize(request: HttpRequest): Promise<HttpAnswer> {
  const page = `${CONSENT_PAGE}?${request.search}`
  // A document is fetched for people who are signed in alone: the page reads it.
  const read = namesDocument(request.search) ? undefined : await readAuthorization(request.search)
  const isBrowser = request.header('accept')?.includes('text/html') === true
  if (read?.kind === 'refused' && !isBrowser) throw read.error
  const location = read?.kind === 'answered' ? read.location : page
  return {
    status: 302,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  }
}

function namesDocument(query: string): boolean {
  return new URLSearchParams(query).get('client_id')?.startsWith('https://') === true
}

async function token(request: HttpRequest): Promise<HttpAnswer> {
  return json(200, await giveTokens(await tokenRequest(request)), { pragma: 'no-cache' })
}

async function revoke(request: HttpRequest): Promise<HttpAnswer> {
  await revokeToken(await tokenRequest(request))
  return json(200, {})
}

async function register(request: HttpRequest): Promise<HttpAnswer> {
  if (!/^application\/json\b/i.test(request.header('content-type') ?? ''))
    throw appError('unsupported_media_type', 'The metadata of a client must be JSON.')
  limitFor('registrations', senderOf(request.address)).take()
  return json(201, await registerClient(parseBody(await request.readBody(BODY))))
}

async function tokenRequest(request: HttpRequest): Promise<TokenRequest> {
  const type = request.header('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\b/i.test(type))
    throw oauthError('invalid_request', 'The body must be a form (application/x-www-form-urlencoded).')
  const form = readForm(Buffer.from(await request.readBody(BODY)).toString())
  const context: RequestContext = { id: request.id, surface: 'rest', address: request.address, outcome: {} }
  return { form, client: clientOf(request.header('authorization'), form), context }
}

/** A client names itself, and proves it, in one way. @throws OAuthError */
function clientOf(authorization: string | undefined, form: Map<string, string>): TokenRequest['client'] {
  const id = form.get('client_id')
  const [, basic] = /^basic +(\S+) *$/i.exec(authorization ?? '') ?? []
  if (basic === undefined) {
    if (id === undefined) throw oauthError('invalid_client', 'client_id is missing.')
    return { id, secret: form.get('client_secret') }
  }
  // Both parts are encoded as in a form before they are joined (RFC 6749, 2.3.1).
  const parts = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString())
  const [named, secret] = parts?.slice(1).map(decoded) ?? []
  if (!named || (id !== undefined && id !== named) || form.has('client_secret'))
    throw oauthError('invalid_client', 'The client named itself in two ways.')
  return { id: named, secret }
}

function decoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get('v') ?? ''
}

function refuse(error: unknown, request: HttpRequest, allow: string): HttpAnswer {
  if (isOAuthError(error)) {
    const { code, message, status } = error
    const wasBasic = status === 401 && /^basic /i.test(request.header('authorization') ?? '')
    const body = { error: code, error_description: message }
    return json(status, body, wasBasic ? { 'www-authenticate': 'Basic realm="OAuth clients"' } : {})
  }
  const known = asAppError(error)
  const answer = problemAnswer(known, request)
  const { status } = ERROR_CATALOGUE[known.code]
  const code =
    status >= 500 ? (status === 503 ? 'temporarily_unavailable' : 'server_error') : 'invalid_request'
  // A client of OAuth reads `error`, everybody else the rest.
  const problem: object = JSON.parse(answer.body)
  const body = { ...problem, error: code, error_description: known.message }
  const headers = { ...answer.headers, ...CORS, ...(status === 405 && { allow }) }
  return { status, headers, body: JSON.stringify(body) }
}
