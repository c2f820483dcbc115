import { setImmediate } from 'node:timers/promises'
import { limitFor } from '../../access/limits.ts'
import { type AdmittedRequest, bodyText, type HttpAnswer } from '../../door/message.ts'
import { appError, overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { cutText } from '../../text.ts'
import { type Caller, callerOf, scopeOf } from '../caller.ts'
import { type Endpoint, idFor, methodNotAllowed } from '../endpoint.ts'
import {
  errorBody,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  TRANSPORT_ERROR,
  toRpcError,
  UNSUPPORTED_VERSION,
} from '../errors.ts'
import { answerFast, refuseScope } from '../fast-path.ts'
import { assertScope, routeOf } from '../methods.ts'
import { answerHandshake, answerPlainly, answerStateless, classify } from '../sdk-path.ts'
import { cancelCall } from './cancellation.ts'
import {
  HANDSHAKE_REVISIONS,
  hasBatches,
  type Incoming,
  idOf,
  isHandshakeRevision,
  metaOf,
  REVISION_WITHOUT_HEADER,
  type RequestId,
  type RpcRequest,
  readMessage,
  readRequester,
  STATELESS_REVISION,
} from './message.ts'
import { ACCEPTED, json } from './serialise.ts'
import { listenStream, notificationStream } from './streams.ts'

/**
 * `/api/mcp`: Streamable HTTP for every revision. Those with a handshake are served without a session, so
 * each request may reach another instance; answers are JSON, notifications come over the stream of a GET.
 */
export const streamableHttp: Endpoint = { allow: 'GET, POST', open, post }

function open(http: AdmittedRequest): HttpAnswer | undefined {
  if (http.method === 'POST') return undefined
  const version = http.header('mcp-protocol-version')
  // 2026-07-28 knows no GET, and there is no session that DELETE could end.
  if (http.method !== 'GET' || version === STATELESS_REVISION)
    return methodNotAllowed(http, version === STATELESS_REVISION ? 'POST' : 'GET, POST')
  const refused = refuseRevision(version, idFor(http))
  if (refused !== undefined) return refused
  if (!http.header('accept')?.includes('text/event-stream')) {
    const message = 'Not acceptable: a GET opens an event stream, so it must accept text/event-stream'
    return json(406, errorBody(idFor(http), { code: TRANSPORT_ERROR, message }))
  }
  http.record.route = 'stream'
  return notificationStream(callerOf(http, handshakeRevision(http)))
}

function post(http: AdmittedRequest, body: unknown): HttpAnswer | Promise<HttpAnswer> {
  const refused = http.search === '' ? undefined : refuseAddress(http, body)
  if (refused !== undefined) return refused
  const incoming = readMessage(body)
  note(http, incoming)
  if (incoming.kind === 'request') {
    assertScope(http, incoming.request)
    const fast = answerFast(http, incoming.request)
    if (fast !== undefined) return fast
  }
  return postThroughSdk(http, body)
}

/** Tells the log and the metrics what is asked for. */
function note({ record }: AdmittedRequest, incoming: Incoming): void {
  if (incoming.kind === 'notification') record.route = routeOf(incoming.method)
  if (incoming.kind === 'batch') record.route = 'batch'
  if (incoming.kind === 'request') {
    record.route = routeOf(incoming.request.method)
    // The SDK answers it, with 200.
    if (record.route === 'none') record.outcome = String(METHOD_NOT_FOUND)
  }
}

/** A query that says nothing of ours would be passed over, and everything served without a word. */
function refuseAddress(http: AdmittedRequest, body: unknown): HttpAnswer | undefined {
  try {
    scopeOf(http.search)
    return undefined
  } catch (error) {
    return json(400, errorBody(idOf(body) ?? idFor(http), toRpcError(error, '')))
  }
}

/** Everything that is not an ordinary request, by the SDK's own rules. */
export function postThroughSdk(http: AdmittedRequest, body: unknown): HttpAnswer | Promise<HttpAnswer> {
  const incoming = readMessage(body)
  if (incoming.kind === 'batch') return postBatch(http, incoming.messages)
  if (incoming.kind === 'response' && http.header('mcp-protocol-version') === STATELESS_REVISION)
    return invalid(
      idFor(http),
      `In ${STATELESS_REVISION} a server asks nothing, so a response is no message to it.`,
    )
  if (incoming.kind === 'request' && hasStrangeToken(incoming.request))
    return strangeToken(incoming.request.id)
  const outcome = classify(http, body)
  if (outcome.kind !== 'legacy') return postStateless(http, body, outcome.kind === 'modern')
  const refused =
    outcome.reason === 'initialize'
      ? undefined
      : refuseRevision(http.header('mcp-protocol-version'), idOf(body) ?? idFor(http))
  if (refused !== undefined) return refused
  if (incoming.kind === 'request')
    return answerHandshake(callerForRequest(http, incoming.request), incoming.request, {
      takesStream: takesStream(http),
    })
  hear(http, incoming)
  return incoming.kind === 'invalid' ? invalid(idOf(body) ?? idFor(http)) : ACCEPTED
}

function takesStream(http: AdmittedRequest): boolean {
  return http.header('accept')?.includes('text/event-stream') === true
}

function hasStrangeToken(request: RpcRequest): boolean {
  const token = metaOf(request)?.progressToken
  return token !== undefined && typeof token !== 'string' && !Number.isSafeInteger(token)
}

function strangeToken(id: RequestId): HttpAnswer {
  const message = '_meta.progressToken must be a text or a whole number'
  return json(200, errorBody(id, { code: INVALID_PARAMS, message }))
}

async function postStateless(http: AdmittedRequest, body: unknown, accepted: boolean): Promise<HttpAnswer> {
  const incoming = readMessage(body)
  if (accepted && incoming.kind === 'request' && incoming.request.method === 'server/discover') {
    const refused = await refuseScope(callerOf(http, STATELESS_REVISION), incoming.request.id)
    if (refused !== undefined) return refused
  }
  const listens =
    accepted &&
    incoming.kind === 'request' &&
    incoming.request.method === 'subscriptions/listen' &&
    http.header('mcp-protocol-version') === STATELESS_REVISION &&
    http.header('mcp-method') !== undefined
  if (!listens) return answerStateless(http, body, { takesStream: takesStream(http) })
  return listenStream(callerOf(http, STATELESS_REVISION, readRequester(body)), incoming.request)
}

/** Answers of a batch that are made at the same time. */
const AT_ONCE = 4

async function postBatch(http: AdmittedRequest, messages: unknown[]): Promise<HttpAnswer> {
  const refused = refuseBatch(http, messages.length)
  if (refused !== undefined) return refused
  const most = getRuntime().config.limits.output_bytes
  const bodies: string[] = []
  let length = 0
  for (let at = 0; at < messages.length; at += AT_ONCE) {
    // Others have their turn between two parts.
    await setImmediate()
    const part = messages.slice(at, at + AT_ONCE)
    const answers =
      length > most
        ? part.map((message) => tooLargeBatch(message, most))
        : await Promise.all(part.map((message) => answerElement(http, message)))
    for (const { body } of answers) {
      if (body === '') continue
      const text = bodyText(body)
      length += text.length
      bodies.push(text)
    }
  }
  return bodies.length === 0 ? ACCEPTED : json(200, `[${bodies.join(',')}]`)
}

/** @throws too_large past `mcp.batch_size` */
function refuseBatch(http: AdmittedRequest, length: number): HttpAnswer | undefined {
  const version = http.header('mcp-protocol-version')
  const id = idFor(http)
  if (version !== STATELESS_REVISION) {
    const refused = refuseRevision(version, id)
    if (refused !== undefined) return refused
  }
  if (version === STATELESS_REVISION || !hasBatches(handshakeRevision(http)))
    return invalid(id, `${version} has no batches: send each message by itself.`)
  const { batch_size: most } = getRuntime().config.mcp
  if (length === 0) return invalid(id, 'A batch holds at least one message.')
  if (length > most)
    throw overLimit('mcp.batch_size', `A batch holds at most ${most} messages, not ${length}`)
  // Each message counts; the door has counted one.
  for (let counted = 1; counted < length; counted++) limitFor('caller', http.record.identity.id).take()
  return undefined
}

/** The rest of a batch, which is skipped once its answers are enough. */
function tooLargeBatch(message: unknown, most: number): HttpAnswer {
  const incoming = readMessage(message)
  if (incoming.kind !== 'request')
    return incoming.kind === 'invalid' ? invalid(idOf(message) ?? null) : ACCEPTED
  const said = `The answers of this batch exceed ${most} bytes (limits.output_bytes). Send this request by itself.`
  const error = appError('too_large', said, { extra: { limit: 'limits.output_bytes' } })
  return json(200, errorBody(incoming.request.id, toRpcError(error, '')))
}

async function answerElement(http: AdmittedRequest, message: unknown): Promise<HttpAnswer> {
  const incoming = readMessage(message)
  hear(http, incoming)
  if (incoming.kind !== 'request')
    return incoming.kind === 'invalid' || incoming.kind === 'batch'
      ? invalid(idOf(message) ?? null)
      : ACCEPTED
  // The handshake decides how everything after it is read, so it stands alone.
  if (incoming.request.method === 'initialize') return invalid(incoming.request.id)
  const { request } = incoming
  return answerFast(http, request) ?? answerPlainly(callerForRequest(http, request), request)
}

function callerForRequest(http: AdmittedRequest, request: RpcRequest): Caller {
  return callerOf(http, handshakeRevision(http), undefined, request)
}

/** The one notification that asks for something: to take a call back. */
function hear(http: AdmittedRequest, incoming: Incoming): void {
  if (incoming.kind !== 'notification' || incoming.method !== 'notifications/cancelled') return
  cancelCall(callerOf(http, handshakeRevision(http)), incoming.params?.requestId)
}

const NO_MESSAGE = 'The body is no valid JSON-RPC message.'

function invalid(id: RequestId | null | undefined, message = NO_MESSAGE): HttpAnswer {
  return json(400, errorBody(id, { code: INVALID_REQUEST, message }))
}

/** The revision of a request that has passed `refuseRevision`. */
function handshakeRevision(http: AdmittedRequest): (typeof HANDSHAKE_REVISIONS)[number] {
  const version = http.header('mcp-protocol-version')
  return version !== undefined && isHandshakeRevision(version) ? version : REVISION_WITHOUT_HEADER
}

/** The refusal of a revision that is not served; undefined for one that is, or none. */
function refuseRevision(
  version: string | undefined,
  id: RequestId | null | undefined,
): HttpAnswer | undefined {
  if (version === undefined || isHandshakeRevision(version)) return undefined
  const requested = cutText(version, 40)
  const supported = [STATELESS_REVISION, ...HANDSHAKE_REVISIONS]
  const message =
    version === STATELESS_REVISION
      ? `A request of ${STATELESS_REVISION} says so in its _meta, too`
      : `Unsupported protocol version: ${requested}. Supported: ${supported.join(', ')}`
  return json(400, errorBody(id, { code: UNSUPPORTED_VERSION, message, data: { supported, requested } }))
}
