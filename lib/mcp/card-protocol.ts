import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkHost } from '../access/host-guard.ts'
import { limitFor } from '../access/limits.ts'
import { senderOf } from '../access/networks.ts'
import { accessState, notSetUp } from '../access/state.ts'
import { checkNearness } from '../door/admit.ts'
import type { HttpAnswer, HttpRequest } from '../door/message.ts'
import { serveNode } from '../door/node.ts'
import type { Protocol } from '../door/pass.ts'
import { asAppError, problemAnswer } from '../door/problem.ts'
import { appError } from '../errors.ts'
import { CARD_PATHS, cardDocument } from './card.ts'

/** The documents that tell of the server before anybody connects: public, for pages of any origin. */

const ALLOW = 'GET, HEAD, OPTIONS'

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET',
  'access-control-allow-headers': 'Content-Type',
  'cross-origin-resource-policy': 'cross-origin',
}

const PATHS: ReadonlySet<string> = new Set(Object.values(CARD_PATHS))

const cardProtocol: Protocol = {
  name: 'rest',
  allow: ALLOW,
  async admit(request) {
    request.record.route = request.path
    checkHost(request.header('host'))
    limitFor('unknown', senderOf(request.address)).take()
    const state = await accessState()
    checkNearness(request, state)
    if (state === 'set_up') throw notSetUp()
    return request
  },
  answer,
  refuse(thrown, request) {
    const error = asAppError(thrown)
    const refused = problemAnswer(error, request)
    const headers = { ...refused.headers, ...CORS }
    if (error.code !== 'method_not_allowed') return { ...refused, headers }
    return { ...refused, headers: { ...headers, allow: ALLOW } }
  },
}

async function answer(request: HttpRequest): Promise<HttpAnswer> {
  if (request.method === 'OPTIONS') return { status: 204, headers: { ...CORS, allow: ALLOW }, body: '' }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw appError('method_not_allowed', `${request.method} is not possible here: ${ALLOW}.`)
  const document = await cardDocument(request.path)
  if (document === undefined) throw appError('not_found', 'There is nothing here.')
  const headers = { ...CORS, 'content-type': document.type, 'cache-control': 'public, max-age=300' }
  return { status: 200, headers, body: JSON.stringify(document.body) }
}

/** The protocol of a path with one of the documents; undefined: it is none. */
export function cardProtocolAt(path: string): Protocol | undefined {
  return PATHS.has(path) ? cardProtocol : undefined
}

/**
 * Takes requests for the documents before Next's router.
 * @returns whether the request was taken
 */
export function cardEarly(request: IncomingMessage, response: ServerResponse): boolean {
  const protocol = cardProtocolAt(request.url?.split('?', 1)[0] ?? '')
  if (protocol === undefined) return false
  serveNode(protocol, request, response)
  return true
}
