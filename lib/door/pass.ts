import { checkHost } from '../access/host-guard.ts'
import { knownAccessState } from '../access/state.ts'
import { getRuntime } from '../runtime.ts'
import { corsHeaders, preflightHeaders } from './cors.ts'
import type { HttpAnswer, HttpRequest } from './message.ts'
import { recordAnswer } from './record.ts'
import { safetyHeaders } from './safety-headers.ts'

/** A protocol behind the door: it admits a request, answers it, and refuses in its own form. */
export interface Protocol<R extends HttpRequest = HttpRequest> {
  readonly name: 'rest' | 'mcp' | 'page' | 'probe' | 'inngest'
  /** HTTP methods, for the header Allow. */
  readonly allow: string
  /** Headers of requests that pages of configured origins may send; undefined: OPTIONS is as any other method. */
  readonly preflight?: string | undefined
  /** Pages of configured origins may read the answers. */
  readonly hasCors?: boolean
  /** Headers of every answer, besides those that all protocols share. */
  readonly headers?: Readonly<Record<string, string>>
  /** @throws what `refuse` answers */
  admit(request: HttpRequest): R | Promise<R>
  /** @throws what `refuse` answers */
  answer(request: R): HttpAnswer | Promise<HttpAnswer>
  refuse(error: unknown, request: HttpRequest): HttpAnswer
}

/** Answers a request and never throws. Every request of every protocol passes here. */
export async function pass<R extends HttpRequest>(
  protocol: Protocol<R>,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const started = performance.now()
  let answer: HttpAnswer
  let failure: unknown
  try {
    answer = preflight(protocol, request) ?? (await admitAndAnswer(protocol, request))
  } catch (error) {
    failure = error
    answer = protocol.refuse(error, request)
  }
  // It has begun to answer; how it ends is told elsewhere.
  if (answer.stream !== undefined && protocol.name === 'mcp') request.record.outcome ??= 'stream'
  const isStream = answer.stream !== undefined
  recordAnswer(protocol.name, request, { status: answer.status, started, isStream }, failure)
  const told = withHeaders(
    answer,
    protocol.headers,
    protocol.hasCors === true ? corsHeaders(request) : undefined,
  )
  const expiry = keyExpiry(request)
  return expiry === undefined
    ? told
    : { ...told, headers: { ...told.headers, 'incipit-key-expires': expiry } }
}

const DAY_MS = 86_400_000

/** When the key of a request expires; undefined: it came with none, or with one that goes on for a while. */
function keyExpiry({ record }: HttpRequest): string | undefined {
  const credential = record.identity?.credential
  const expiresAt = credential?.kind === 'key' ? credential.expiresAt : undefined
  if (expiresAt === undefined) return undefined
  const notice = getRuntime().config.security.key_notice_days * DAY_MS
  return expiresAt - Date.now() <= notice ? new Date(expiresAt).toISOString() : undefined
}

async function admitAndAnswer<R extends HttpRequest>(
  protocol: Protocol<R>,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const admitted = await protocol.admit(request)
  return optionsAnswer(protocol, request) ?? protocol.answer(admitted)
}

/**
 * The answer to a preflight, which carries no credentials. With accounts only pages of configured origins need it, and
 * any other OPTIONS is a request like all others.
 */
function preflight(protocol: Protocol, request: HttpRequest): HttpAnswer | undefined {
  if (request.method !== 'OPTIONS') return undefined
  checkHost(request.header('host'))
  const answer = optionsAnswer(protocol, request)
  const isOfAllowed = answer?.headers['access-control-allow-origin'] !== undefined
  return isOfAllowed || !isGuarded(request) ? answer : undefined
}

/** Whether nobody is answered who is not known, or not here. */
function isGuarded({ isForwarded }: HttpRequest): boolean {
  const state = knownAccessState()
  return state === 'accounts' || state === 'set_up' || (state === 'local' && isForwarded === true)
}

/** The answer to OPTIONS; undefined: the request is none, or a protocol knows no such method. */
function optionsAnswer({ allow, preflight }: Protocol, request: HttpRequest): HttpAnswer | undefined {
  if (request.method !== 'OPTIONS' || preflight === undefined) return undefined
  const headers = { allow, 'x-request-id': request.id, ...preflightHeaders(request, allow, preflight) }
  return { status: 204, headers, body: '' }
}

function withHeaders(
  answer: HttpAnswer,
  fixed: Protocol['headers'],
  cors: Record<string, string> | undefined,
): HttpAnswer {
  const headers = { ...safetyHeaders(), ...answer.headers, ...fixed, ...cors }
  const { vary } = answer.headers
  if (vary !== undefined && cors?.vary !== undefined && cors.vary !== vary)
    headers.vary = `${cors.vary}, ${vary}`
  return { ...answer, headers }
}
