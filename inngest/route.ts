import { serve } from 'inngest/edge'
import { limitFor } from '#lib/access/limits.ts'
import { isWithin, networksFrom, senderOf } from '#lib/access/networks.ts'
import { isAlone } from '#lib/access/state.ts'
import { admitSigned } from '#lib/door/admit.ts'
import type { HttpAnswer, HttpRequest } from '#lib/door/message.ts'
import type { Protocol } from '#lib/door/pass.ts'
import { problemAnswer } from '#lib/door/problem.ts'
import { webRoute } from '#lib/door/web.ts'
import { appError } from '#lib/errors.ts'
import { getRuntime } from '#lib/runtime.ts'
import { inngestClient } from './client.ts'
import { functions } from './functions.ts'
import { inngestMode } from './mode.ts'

const PATH = '/api/inngest'
const SIGNATURE = 'x-inngest-signature'
const ALLOW = 'GET, POST, PUT'

/**
 * The exports of the route file that serves the functions. The SDK checks the signature; refusals
 * before it sees the request (a foreign Host, another method, a body without end) are answered as anywhere.
 */
export function inngestRoute(): ReturnType<typeof webRoute> {
  return webRoute(protocolFor)
}

function protocolFor(request: Request): Protocol {
  return {
    name: 'inngest',
    allow: ALLOW,
    admit(http) {
      http.record.route = PATH
      admitSigned(http)
      if (http.header(SIGNATURE) === undefined && !mayBeUnsigned(http)) throw notSigned()
      return http
    },
    async answer(http) {
      const answered = await answer(request, http)
      // Guessing a signature is as slow as guessing a key.
      if (answered.status === 401) limitFor('wrong_credentials', senderOf(http.address)).take()
      return answered
    },
    refuse(error, http) {
      const problem = problemAnswer(error, http)
      return problem.status === 405 ? { ...problem, headers: { ...problem.headers, allow: ALLOW } } : problem
    },
  }
}

/**
 * Whether a call without a signature may go on. The SDK refuses it, but where a development server calls: that signs
 * nothing, and with accounts it is let in from this machine alone.
 */
function mayBeUnsigned({ address, isForwarded }: HttpRequest): boolean {
  if (isAlone()) return true
  const { config } = getRuntime()
  if (inngestMode(config) === 'embedded' || !config.inngestServer.isDev) return false
  return isForwarded !== true && isWithin(address, networksFrom(['127.0.0.0/8', '::1']))
}

function notSigned(): Error {
  return appError('unauthenticated', 'Only the Inngest server calls this, with its signature.')
}

async function answer(request: Request, http: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers } = request
  if (method !== 'GET' && method !== 'POST' && method !== 'PUT')
    throw appError('method_not_allowed', `${method} is not possible here: ${ALLOW}.`)
  const serve = getRuntime().once('inngest.handler', inngestHandler)
  if (method === 'GET') return plain(await serve(request))
  const { inngest, limits } = getRuntime().config
  const body = await http.readBody({
    bytes: inngest.call_bytes,
    milliseconds: limits.body_ms,
    key: 'inngest.call_bytes',
  })
  return plain(await serve(new Request(url, { method, headers, body: Buffer.from(body) })))
}

async function plain(response: Response): Promise<HttpAnswer> {
  const body = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

/**
 * The SDK's handler over our functions: an Inngest server or the embedded runner calls it. Requests that
 * are not signed are refused, registration included (with a development server nothing is signed).
 */
function inngestHandler(): (request: Request) => Promise<Response> {
  const client = inngestClient()
  return serve({ client, functions: functions(client), enableUnauthedSync: false, servePath: '/api/inngest' })
}
