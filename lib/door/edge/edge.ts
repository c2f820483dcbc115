import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import {
  forwardedHost,
  isForwardingHeader,
  isTrustedProxy,
  warnOfForwarding,
} from '../../access/forwarding.ts'
import { asksVerbosely, isFile, isOpenPath, signInAddress } from '../../access/open-paths.ts'
import { knownAccessState } from '../../access/state.ts'
import { type AppError, appError, ERROR_CATALOGUE } from '../../errors.ts'
import { type Edge, getRuntime } from '../../runtime.ts'
import { type Asked, observeRequest } from '../../telemetry/server-span.ts'
import type { Attributes } from '../../telemetry/telemetry.ts'
import { admitReader, admitStray, checkWay } from '../admit.ts'
import { announcesBody } from '../body.ts'
import { type HttpRequest, headerOf, notePeer, peerOf } from '../message.ts'
import { nodeRequest, refuseNode } from '../node.ts'
import { asAppError } from '../problem.ts'
import { recordAnswer } from '../record.ts'
import { safetyHeaders } from '../safety-headers.ts'
import { connections } from './connections.ts'
import { messageFault } from './message-fault.ts'
import { sendRefusalPage, sendWaitingPage, servePage, whyNoPage } from './page.ts'
import { refuseBytes, refuseTunnel } from './refuse-socket.ts'

/** What is asked before Next's router. */
export interface Early {
  /** Takes a request and says whether it did. It asks itself who is there. */
  take(request: IncomingMessage, response: ServerResponse): boolean
  /** Why Next cannot be asked; `allow` where it is about the method. */
  fault(request: IncomingMessage): Fault | undefined
}

export interface Fault {
  readonly error: AppError
  readonly allow?: string
}

/** Paths whose route files have checks of their own, of the method too: the interfaces and the probes. */
const INTERFACE =
  /^\/(?:api(?:\/.*)?|mcp\/(?:prompts|tools)\/(?:list|get|call)|health(?:\/live|\/ready)?|metrics)$/

/** Those that something else than a credential may open; their route files see to it, for the methods that they have. */
const OTHERWISE_GUARDED = /^\/(?:api\/inngest|metrics)$/
const ROUTED: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** Programs ask here, for something or for nothing: they are told, and sent nowhere. */
const FOR_PROGRAMS = /^\/(?:api|mcp)(?:\/|$)/

const ASKED: Asked = {
  attributes: serverAttributes,
  isTrusted: (request) => isTrustedProxy(peerOf(request)),
}

/** One request on its way to Next. */
interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly next: () => void
  readonly seen: HttpRequest
}

/** The outermost layer of the production server, before Next. Every message and every connection passes it. */
export function createEdge(early: Early): Edge {
  return {
    attach,
    serve(request, response, next) {
      observeRequest(request, response, ASKED, () => answer({ request, response, next }, early))
    },
  }
}

/** This server, as callers reach it. */
function serverAttributes(): Attributes {
  return getRuntime().once('telemetry.server', ({ config }) => {
    const { protocol, hostname, port } = new URL(config.publicUrl)
    const scheme = protocol.slice(0, -1)
    return {
      'url.scheme': scheme,
      'server.address': hostname,
      'server.port': Number(port || (scheme === 'https' ? 443 : 80)),
    }
  })
}

function answer({ request, response, next }: Omit<Visit, 'seen'>, early: Early): void {
  // Bytes that came with an offer are read as the other protocol's: only a new connection is safe.
  if (request.headers.upgrade !== undefined) response.setHeader('connection', 'close')
  const fault = messageFault(request)
  if (fault !== undefined) return refuseNode(request, response, fault, { connection: 'close' })
  readForwarding(request)
  if (early.take(request, response)) return
  addSafetyHeaders(response)
  const visit = { request, response, next, seen: nodeRequest(request, response) }
  enter(visit, early).catch((error: unknown) => refuse(visit, error))
}

/** Takes the Host that a trusted proxy was asked for. Whoever is none is told of in the log, and not believed. */
function readForwarding(request: IncomingMessage): void {
  const { headers } = request
  if (!Object.keys(headers).some(isForwardingHeader)) return
  const peer = peerOf(request)
  if (isTrustedProxy(peer)) headers.host = forwardedHost((name) => headerOf(request, name)) ?? headers.host
  // Without accounts such a request is refused, with the reason.
  else if (knownAccessState() !== 'local') warnOfForwarding(peer)
}

/** Adds what every answer has, where Next or a page has not said otherwise by the time that it is sent. */
function addSafetyHeaders(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response)
  const fill = (...args: unknown[]) => {
    const all = { 'cache-control': 'no-store', ...safetyHeaders() }
    for (const [name, value] of Object.entries(all))
      if (!response.hasHeader(name)) response.setHeader(name, value)
    return Reflect.apply(writeHead, response, args)
  }
  Object.assign(response, { writeHead: fill })
}

/** Has Next answer once it is known who asks. @throws what is refused */
async function enter(visit: Visit, early: Early): Promise<void> {
  const { request, seen } = visit
  const { path } = seen
  if (!INTERFACE.test(path)) {
    checkWay(seen, { mayNavigate: true })
    if (FOR_PROGRAMS.test(path)) await admitStray(seen)
    else if (!isFile(path)) {
      const reason = isRead(seen) ? whyNoPage() : undefined
      if (reason !== undefined) throw reason
      await admitReader(seen)
    }
    if (!isRead(seen)) throw refusedMethod(seen)
  } else if (needsStray(seen)) await admitStray(seen)
  const fault = early.fault(request)
  if (fault === undefined) handOn(visit)
  else
    refuseNode(request, visit.response, fault.error, fault.allow === undefined ? {} : { allow: fault.allow })
}

/** Whether an interface asks who is there, or from where, and nothing behind the edge sees to that. */
function needsStray({ path, search, method, isForwarded }: HttpRequest): boolean {
  const state = knownAccessState()
  const isLocal = state === 'local' || state === undefined
  if (isLocal && isForwarded === true && asksVerbosely({ search })) return true
  if (state === 'open' || isOpenPath(path, state === 'accounts' ? state : 'set_up')) return false
  // What the edge has read of proxies is gone behind it.
  if (state === 'local') return isForwarded === true
  return !(OTHERWISE_GUARDED.test(path) && ROUTED.has(method))
}

function isRead({ method }: HttpRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

function refusedMethod({ method }: HttpRequest): AppError {
  return appError('method_not_allowed', `${method} is not possible here: GET, HEAD.`)
}

/** Sends a person to where they are let in, or tells them why not; tells a program what is missing. */
function refuse({ request, response, seen }: Visit, thrown: unknown): void {
  if (response.headersSent) return void response.destroy()
  const error = asAppError(thrown)
  const isOfPage = isRead(seen) && !FOR_PROGRAMS.test(seen.path) && !isFile(seen.path)
  const isHead = seen.method === 'HEAD'
  // The router in the browser, told of a refusal, loads the page itself.
  if (isOfPage && error.code === 'unauthenticated' && !isForRouter(request))
    return sendToSignIn(request, response, seen)
  if (isOfPage && ERROR_CATALOGUE[error.code].status === 503) return sendWaitingPage(response, error, isHead)
  if (isOfPage && isForPeople(seen)) {
    recordPage(request, response, seen, thrown)
    return sendRefusalPage(response, error, { id: seen.id, isHead })
  }
  refuseNode(request, response, thrown, error.code === 'method_not_allowed' ? { allow: 'GET, HEAD' } : {})
}

/** Whether a browser shows the answer to somebody. Programs that ask for a page are told as those of the interfaces. */
function isForPeople(seen: HttpRequest): boolean {
  return seen.header('accept')?.includes('text/html') === true && !announcesBody(seen)
}

function isForRouter({ headers }: IncomingMessage): boolean {
  return headers.rsc !== undefined
}

function sendToSignIn(request: IncomingMessage, response: ServerResponse, seen: HttpRequest): void {
  recordPage(request, response, seen)
  const location = signInAddress(request.url ?? '/')
  response.writeHead(303, { location, 'content-length': 0 }).end()
}

function handOn({ request, response, next, seen }: Visit): void {
  const { path } = seen
  notePeer(request)
  if (INTERFACE.test(path)) {
    // A client that asks first hears yes only now; Next reads no body by itself.
    if (request.headers.expect !== undefined && request.httpVersionMinor > 0) response.writeContinue()
    return next()
  }
  if (isFile(path)) return next()
  recordPage(request, response, seen)
  // The router in the browser shows a failure itself, within the page that is open.
  if (isForRouter(request)) return next()
  servePage(request, response, next)
}

/** The first part of a page's address; the rest holds names and searches of users. */
const PAGE =
  /^\/(?:prompts|categories|generations|playground|usage|connect|settings|account|sign-in|set-up|invitation|reset|consent)?(?=$|\/)/

/** Has a page counted, timed and logged once it has been sent. */
function recordPage(
  request: IncomingMessage,
  response: ServerResponse,
  seen: HttpRequest,
  failure?: unknown,
): void {
  const started = performance.now()
  const { path } = seen
  // What the page reads is read under the same id.
  request.headers['x-request-id'] = seen.id
  const [section] = PAGE.exec(path) ?? []
  if (section !== undefined) seen.record.route = section === path ? path : `${section}/…`
  response.once('close', () => recordAnswer('page', seen, { status: response.statusCode, started }, failure))
}

/** Gives a server its times, and every connection its watch. Called once, before it listens. */
function attach(server: Server): void {
  const { limits } = getRuntime().config
  server.headersTimeout = limits.headers_ms
  server.requestTimeout = limits.request_ms
  server.keepAliveTimeout = limits.keep_alive_ms
  const watched = connections()
  server.on('connection', (socket) => watched.add(socket))
  server.on('clientError', refuseBytes)
  server.on('connect', refuseTunnel)
  setInterval(() => watched.look(), watched.lookMs).unref()
}
