import type { IncomingMessage, ServerResponse } from 'node:http'
import { signInAddress } from '../access/open-paths.ts'
import { knownAccessState } from '../access/state.ts'
import { admitReader, checkNearness, checkWay } from '../door/admit.ts'
import { waitingPage } from '../door/edge/waiting-page.ts'
import type { HttpAnswer, HttpRequest } from '../door/message.ts'
import { accepts, serveNode } from '../door/node.ts'
import type { Protocol } from '../door/pass.ts'
import { asAppError, problemAnswer } from '../door/problem.ts'
import { webRoute } from '../door/web.ts'
import { appError, ERROR_CATALOGUE } from '../errors.ts'
import { isUnchanged } from '../rest/conditional.ts'
import { findSiteFile, type SentFile } from './site-files.ts'

/** The documentation and the client: files that were built with the app, in which nobody's data is. They need no database. */

const PATH = /^\/(?:docs(?:\/|$)|client\.tgz$)/
const CLIENT = '/client.tgz'
const ASSET = /^\/docs\/assets\//
const ALLOW = 'GET, HEAD'

/** Pages load files of this server alone; nothing in them is inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const siteProtocol: Protocol = {
  name: 'page',
  allow: ALLOW,
  async admit(request) {
    const isAsset = ASSET.test(request.path)
    Object.assign(request.record, { route: routeOf(request.path), isHot: isAsset })
    checkWay(request, { mayNavigate: true })
    const state = knownAccessState()
    // As the files of the app: a page has many, and the limit of those who are not known is for pages.
    if (isAsset && state !== undefined && state !== 'set_up') checkNearness(request, state)
    else await admitReader(request)
    return request
  },
  async answer(request) {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw appError('method_not_allowed', `${request.method} is not possible here: ${ALLOW}.`)
    const found = await find(request.path)
    if (found !== undefined) return fileAnswer(found, request, 200)
    if (request.path === CLIENT)
      throw appError('not_found', 'The client is not built here: npm run build makes it.')
    const elsewhere = plainAddress(request.path)
    if (elsewhere !== request.path && (await find(elsewhere)) !== undefined) return leadTo(elsewhere, request)
    const missing = await find('/docs/404')
    if (missing === undefined)
      throw appError('not_found', 'The documentation is not built here: npm run build makes it.')
    return fileAnswer(missing, request, 404)
  },
  refuse,
}

function routeOf(path: string): string {
  return path === '/docs' || path === CLIENT ? path : '/docs/…'
}

async function find(address: string): Promise<SentFile | undefined> {
  try {
    return await findSiteFile(address)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** The address of a page, for one as the repository has it, or with a slash at its end. */
function plainAddress(path: string): string {
  return path.toLowerCase().replace(/(?:\/readme)?\.md$|\/+$/, '')
}

function leadTo(location: string, { id }: HttpRequest): HttpAnswer {
  return { status: 308, headers: { location, 'cache-control': 'no-cache', 'x-request-id': id }, body: '' }
}

async function fileAnswer(
  { type, etag, isPacked, isForever, read }: SentFile,
  request: HttpRequest,
  status: 200 | 404,
): Promise<HttpAnswer> {
  const headers: Record<string, string> = {
    'content-security-policy': POLICY,
    'cache-control':
      status === 404 ? 'no-store' : isForever ? 'public, max-age=31536000, immutable' : 'public, no-cache',
    'x-request-id': request.id,
    ...(isPacked && { vary: 'Accept-Encoding' }),
    ...(status === 200 && { etag }),
  }
  if (status === 200 && isUnchanged(request.header('if-none-match'), etag))
    return { status: 304, headers, body: '' }
  const accepted = request.header('accept-encoding') ?? ''
  const encoding = isPacked ? (['br', 'gzip'] as const).find((each) => accepts(accepted, each)) : undefined
  if (encoding !== undefined) headers['content-encoding'] = encoding
  return { status, headers: { ...headers, 'content-type': type }, body: await read(encoding) }
}

/** Leads a person to the set-up while nobody may read anything, and waits with them while the app cannot tell. */
function refuse(thrown: unknown, request: HttpRequest): HttpAnswer {
  const error = asAppError(thrown)
  const { status } = ERROR_CATALOGUE[error.code]
  if (error.code === 'unauthenticated') {
    const location = signInAddress(request.path)
    return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' }
  }
  if (status === 503) {
    const retryAfter = Math.ceil(error.retryAfter ?? 5)
    const { html, policy } = waitingPage(error.message, retryAfter)
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': String(retryAfter),
      'content-security-policy': policy,
    }
    return { status, headers, body: html }
  }
  const answer = problemAnswer(error, request)
  return status === 405 ? { ...answer, headers: { ...answer.headers, allow: ALLOW } } : answer
}

/**
 * Takes requests for the documentation and the client before Next's router.
 * @returns whether the request was taken
 */
export function siteEarly(request: IncomingMessage, response: ServerResponse): boolean {
  if (!PATH.test((request.url ?? '').split('?', 1)[0] ?? '')) return false
  serveNode(siteProtocol, request, response)
  return true
}

/** The exports of a route file, for where Next's router comes first. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE } = webRoute(() => siteProtocol)
