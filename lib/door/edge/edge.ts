import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { appError } from '../../errors.ts'
import { type Edge, getRuntime } from '../../runtime.ts'
import { admitUnknown } from '../admit.ts'
import { notePeer } from '../message.ts'
import { nodeRequest, refuseNode } from '../node.ts'
import { recordAnswer } from '../record.ts'
import { addConnectionMetrics } from './connection-metrics.ts'
import { connections } from './connections.ts'
import { messageFault } from './message-fault.ts'
import { servePage } from './page.ts'
import { refuseBytes, refuseTunnel } from './refuse-socket.ts'

/** Takes a request before Next's router and says whether it did. */
type HotHandler = (request: IncomingMessage, response: ServerResponse) => boolean

/** Paths with their own checks of Host, Origin, method and body: the interfaces and the probes. */
const INTERFACE =
  /^\/(?:api(?:\/.*)?|\.well-known(?:\/.*)?|mcp\/(?:prompts|tools)\/(?:list|get|call)|health(?:\/live|\/ready)?|metrics)$/

/** Files that every page needs, and that need nothing themselves. */
const FILE = /^\/(?:_next\/.*|[\w-]+\.(?:svg|png|ico))$/

/** For what is no page; pages get a policy of their own from proxy.ts. */
const NOTHING_RUNS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The outermost layer of the production server, before Next. Every message and every connection passes it. */
export function createEdge(hot: HotHandler): Edge {
  return {
    attach,
    serve(request, response, next) {
      // Bytes that came with an offer are read as the other protocol's: only a new connection is safe.
      if (request.headers.upgrade !== undefined) response.setHeader('connection', 'close')
      const fault = messageFault(request)
      if (fault !== undefined) return refuseNode(request, response, fault, { connection: 'close' })
      const path = pathOf(request)
      const isInterface = INTERFACE.test(path)
      if (!isInterface && !mayAskForPage(request, response)) return
      // A client that asks first hears yes only now.
      if (request.headers.expect !== undefined && request.httpVersionMinor > 0) response.writeContinue()
      if (hot(request, response)) return
      if (isInterface) {
        notePeer(request)
        return next()
      }
      response.setHeader('content-security-policy', NOTHING_RUNS)
      if (!FILE.test(path)) recordPage(request, response, path)
      // The router in the browser shows such a failure itself, within the page that is open.
      if (FILE.test(path) || request.headers.rsc !== undefined) return next()
      servePage(request, response, next)
    },
  }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

/** Pages are read alone, by people at one of our names, on their own way here. */
function mayAskForPage(request: IncomingMessage, response: ServerResponse): boolean {
  const { method = 'GET' } = request
  if (method !== 'GET' && method !== 'HEAD') {
    const error = appError('method_not_allowed', `${method} is not possible here: GET, HEAD.`)
    refuseNode(request, response, error, { allow: 'GET, HEAD' })
    return false
  }
  try {
    admitUnknown(nodeRequest(request), { mayNavigate: true })
    return true
  } catch (error) {
    refuseNode(request, response, error)
    return false
  }
}

/** The first part of a page's address; the rest holds names and searches of users. */
const PAGE = /^\/(?:prompts|categories|generations|playground|usage|connect|settings|docs)?(?=$|\/)/

/** Has a page counted, timed and logged once it has been sent. */
function recordPage(request: IncomingMessage, response: ServerResponse, path: string): void {
  const started = performance.now()
  const seen = nodeRequest(request)
  // What the page reads is read under the same id.
  request.headers['x-request-id'] = seen.id
  const [section] = PAGE.exec(path) ?? []
  if (section !== undefined) seen.record.route = section === path ? path : `${section}/…`
  response.once('close', () => recordAnswer('page', seen, { status: response.statusCode, started }))
}

/** Gives a server its times, and every connection its watch. Called once, before it listens. */
function attach(server: Server): void {
  const { limits } = getRuntime().config
  server.headersTimeout = limits.headers_ms
  server.requestTimeout = limits.request_ms
  server.keepAliveTimeout = limits.keep_alive_ms
  const watched = connections()
  addConnectionMetrics(watched)
  server.on('connection', (socket) => watched.add(socket))
  server.on('clientError', refuseBytes)
  server.on('connect', refuseTunnel)
  setInterval(() => watched.look(), watched.lookMs).unref()
}
