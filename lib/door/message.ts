import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Identity } from '../access/actor.ts'
import type { StreamStart } from '../event-stream.ts'
import { getRuntime } from '../runtime.ts'

/** One request as every protocol sees it, whatever server brought it. */
export interface HttpRequest {
  /** In every answer, log line and audit row: the caller's own when it is a sane one, else a new one. */
  readonly id: string
  readonly method: string
  /** Path as it was sent, percent-encoding included. */
  readonly path: string
  /** Query without its question mark; empty when there is none. */
  readonly search: string
  /** The address at the other end of the connection, where it is known. */
  readonly address?: string | undefined
  /** A header by its lower-case name. */
  header(name: string): string | undefined
  /** Reads the body once, counting while it streams in. @throws too_large, invalid_input */
  readBody(limits: BodyLimits): Promise<Uint8Array>
  /** Aborted when the client goes away before it has the whole answer. */
  readonly gone?: AbortSignal
  /** What is known of it so far, for the log and the metrics. */
  readonly record: RequestRecord
}

/** A request whose sender is known: only `admit` makes one. */
export interface AdmittedRequest extends HttpRequest {
  readonly record: RequestRecord & { readonly identity: Identity }
}

/** What the layers that a request passes tell of it, for one log line and the metrics. */
export class RequestRecord {
  identity: Identity | undefined
  /** The route's pattern, or the method of MCP: never what a caller wrote. */
  route = 'none'
  /** What became of it, where the status does not say: of MCP `ok`, `tool_error` or the error's code. */
  outcome: string | undefined
  client: { readonly name: string; readonly version?: string | undefined } | undefined
  trace: string | undefined
  /** A read that agents repeat all day: of those that succeed the log samples some. */
  isHot = false
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

/** In two parts where the larger one is kept ready: to join them for each answer would cost more than all else. */
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

const HEADER = 'x-incipit-peer'

/** Known to this process alone, so that nobody else can say who is at the other end. */
function seal(): string {
  return getRuntime().once('http.peer', () => `${randomBytes(16).toString('base64url')} `)
}

/**
 * Notes the address at the other end of a connection where Next's routes find it: they get no more of a request
 * than its headers. What a client sent under this name is gone.
 */
export function notePeer(request: IncomingMessage): void {
  request.headers[HEADER] = seal() + (request.socket.remoteAddress ?? '')
}

/** The address that `notePeer` noted; undefined where there was no edge, whatever a client says. */
export function notedPeer(headers: Headers): string | undefined {
  const noted = headers.get(HEADER)
  if (noted?.startsWith(seal()) !== true) return undefined
  return noted.slice(seal().length) || undefined
}
