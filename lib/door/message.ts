import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Identity } from '../access/actor.ts'
import { clientAddress, isForwardingHeader } from '../access/forwarding.ts'
import type { StreamStart } from '../event-stream.ts'
import { getRuntime } from '../runtime.ts'
import { tracing } from '../telemetry/telemetry.ts'

/** One request as every protocol sees it, from any server. */
export interface HttpRequest {
  /** In every answer, log line and audit row: the caller's own when it is a sane one, else a new one. */
  readonly id: string
  readonly method: string
  /** Path as it was sent, percent-encoding included. */
  readonly path: string
  /** Query without its question mark; empty when there is none. */
  readonly search: string
  /** The address that it came from, where it is known: that of a proxy, unless it is a trusted one. */
  readonly address?: string | undefined
  /** The scheme that it came by, where a trusted proxy tells it. */
  readonly scheme?: 'http' | 'https' | undefined
  /** Its headers say that it came through another server. */
  readonly isForwarded?: boolean
  /** A header by its lower-case name. */
  header(name: string): string | undefined
  /** Reads the body once, counting while it streams in. @throws too_large, invalid_input */
  readBody(limits: BodyLimits): Promise<Uint8Array>
  /** Aborted when the client goes away before it has the whole answer. */
  readonly gone?: AbortSignal
  /** The facts about it so far, for the log and the metrics. */
  readonly record: RequestRecord
}

/** A request whose sender is known: only `admit` makes one. */
export interface AdmittedRequest extends HttpRequest {
  readonly record: RequestRecord & { readonly identity: Identity }
}

/** The facts that each layer adds about a request, for one log line and the metrics. */
export class RequestRecord {
  identity: Identity | undefined
  /** The route's pattern, or the method of MCP: never what a caller wrote. */
  route = 'none'
  /** Its outcome where the status does not show it: of MCP `ok`, `tool_error` or the error's code. */
  outcome: string | undefined
  client: { readonly name: string; readonly version?: string | undefined } | undefined
  trace: string | undefined
  /** A read that agents repeat all day: of those that succeed the log samples some. */
  isHot = false
  /** Its span, where requests are traced. */
  readonly span = tracing()?.active()
  /** The metrics have it already. */
  isCounted = false
}

export interface BodyLimits {
  bytes: number
  milliseconds: number
  /** The setting behind `bytes`, for errors: `limits.body_bytes` when left out. */
  key?: string
}

/** One answer: the adapter sends it as it is, and leaves the body out for HEAD. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
  /** An event stream instead of a body. */
  readonly stream?: StreamStart | undefined
}

/** A body has two parts where the larger one is cached: to join them for each answer would cost the most. */
export type Body = string | Uint8Array<ArrayBuffer> | KeptBody

export interface KeptBody {
  readonly start: string
  readonly rest: Uint8Array<ArrayBuffer>
}

/** Whether a body is in two parts. */
export function isKept(body: Body): body is KeptBody {
  return typeof body === 'object' && 'rest' in body
}

/** Bytes of a body. */
export function bodySize(body: Body): number {
  return isKept(body) ? Buffer.byteLength(body.start) + body.rest.byteLength : Buffer.byteLength(body)
}

/** A body as one text. */
export function bodyText(body: Body): string {
  if (isKept(body)) return body.start + Buffer.from(body.rest).toString()
  return typeof body === 'string' ? body : Buffer.from(body).toString()
}

const REQUEST_ID = /^[\w.:-]{8,128}$/

/** The caller's request id when it is a sane one, else a new one. */
export function requestId(given: string | undefined): string {
  return given !== undefined && REQUEST_ID.test(given) ? given : randomUUID()
}

/** The address at the other end of the connection of a Node request; that of IPv4 is written as such. */
export function peerOf(request: IncomingMessage): string | undefined {
  return request.socket?.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '')
}

/** The address that a Node request came from. */
export function addressOf(request: IncomingMessage): string | undefined {
  return clientAddress(peerOf(request), (name) => headerOf(request, name))
}

/** A header of a Node request by its lower-case name. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.join(', ')
}

/** The address of a page, for what reads its data; proxy.ts sets it. */
export const ADDRESS_HEADER = 'x-incipit-address'

const NOTE = 'x-incipit-peer'

/** A secret of this process, so that no client can forge what the edge notes. */
function seal(): string {
  return getRuntime().once('http.peer', () => `${randomBytes(16).toString('base64url')} `)
}

/**
 * Notes where a request came from for Next's routes, which get no more of it than its headers. A value that a client
 * sent under this name is overwritten. Forwarding headers have been read, and are taken away: Next would believe them.
 */
export function notePeer(request: IncomingMessage): void {
  const { headers } = request
  const noted = seal() + (addressOf(request) ?? '')
  for (const name of Object.keys(headers)) if (isForwardingHeader(name)) delete headers[name]
  headers[NOTE] = noted
}

/** What `notePeer` noted; undefined where there was no edge, even when a client sends one. */
export function notedPeer(headers: Headers): { address: string | undefined } | undefined {
  const noted = headers.get(NOTE)
  if (noted?.startsWith(seal()) !== true) return undefined
  return { address: noted.slice(seal().length) || undefined }
}
