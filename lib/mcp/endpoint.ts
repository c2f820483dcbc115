import { checkHost } from '../access/host-guard.ts'
import { checkOrigin } from '../access/origin-guard.ts'
import { type AppError, ERROR_CATALOGUE } from '../errors.ts'
import { checkMediaType, parseBody, readBody } from '../http/body.ts'
import { fetchMetadata } from '../http/context.ts'
import { corsHeaders, preflightHeaders } from '../http/cors.ts'
import type { HttpRequest } from '../http/message.ts'
import { leavesBodyUnread } from '../http/read-body.ts'
import { newId } from '../id.ts'
import { asAppError, errorBody, PARSE_ERROR, type RpcErrorBody, TRANSPORT_ERROR } from './errors.ts'
import { json, type McpAnswer, type PlainAnswer } from './exchange.ts'
import { unknownId } from './revision.ts'

/** One address of the server: what it does before a body is read, and with it. */
export interface Endpoint {
  /** HTTP methods, for the header Allow. */
  readonly allow: string
  /** Answers what has no body; undefined: read it and call `post`. */
  open(http: HttpRequest): McpAnswer | undefined
  post(http: HttpRequest, body: unknown): McpAnswer | Promise<McpAnswer>
  /** The answer to JSON that has more of something than a limit allows; left out: 413. */
  tooLarge?(error: AppError): McpAnswer
}

/** Answers a request to an address, whatever happens; never throws. Host and Origin come before JSON-RPC. */
export async function answer(endpoint: Endpoint, http: HttpRequest): Promise<McpAnswer> {
  let answered: McpAnswer
  try {
    answered = await perform(endpoint, http)
  } catch (error) {
    answered = refusal(error, http)
  }
  const cors = corsHeaders(http)
  return cors === undefined ? answered : { ...answered, headers: { ...answered.headers, ...cors } }
}

async function perform(endpoint: Endpoint, http: HttpRequest): Promise<McpAnswer> {
  checkHost(http.header('host'))
  if (http.method === 'OPTIONS') return preflight(endpoint, http)
  checkOrigin(fetchMetadata(http), { mayNavigate: false })
  const opened = endpoint.open(http)
  if (opened !== undefined) return opened
  // A page elsewhere can post a form or plain text here without the browser asking first.
  checkMediaType(http)
  const bytes = await readBody(http)
  if (bytes.byteLength === 0) return unreadable(http, 'The body is empty: it must be a JSON-RPC message.')
  let body: unknown
  try {
    body = parseBody(bytes)
  } catch (error) {
    const known = asAppError(error, newId())
    if (known.code === 'too_large') return endpoint.tooLarge?.(known) ?? refusal(known, http)
    return unreadable(http, known.message)
  }
  return endpoint.post(http, body)
}

function unreadable(http: HttpRequest, message: string): PlainAnswer {
  return json(400, errorBody(idFor(http), { code: PARSE_ERROR, message }))
}

/** The id of an error that comes before any request is known. */
export function idFor(http: HttpRequest): null | undefined {
  return unknownId(http.header('mcp-protocol-version'))
}

const HEADERS =
  'Accept, Authorization, Content-Type, Last-Event-ID, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Mcp-Session-Id'

function preflight(endpoint: Endpoint, http: HttpRequest): PlainAnswer {
  const headers = preflightHeaders(http, endpoint.allow)
  const allowed = headers?.['access-control-allow-headers'] !== undefined
  return {
    status: 204,
    headers: {
      allow: endpoint.allow,
      ...headers,
      ...(allowed ? { 'access-control-allow-headers': HEADERS } : {}),
    },
    body: undefined,
  }
}

/**
 * An answer that refuses the exchange as a whole, before any method ran.
 * @param http undefined: nothing of the request is known any more
 */
export function refusal(error: unknown, http: HttpRequest | undefined): PlainAnswer {
  const known = asAppError(error, newId())
  const { status } = ERROR_CATALOGUE[known.code]
  return json(status, errorBody(http === undefined ? null : idFor(http), transportError(known)), {
    ...(known.retryAfter !== undefined && { 'retry-after': String(Math.ceil(known.retryAfter)) }),
    ...(leavesBodyUnread(known) && { connection: 'close' }),
  })
}

function transportError({ message, code, details, extra }: AppError): RpcErrorBody {
  const data = { ...extra, code, ...(details.length === 0 ? {} : { details }) }
  return { code: TRANSPORT_ERROR, message, data }
}

/** The refusal of an HTTP method. */
export function methodNotAllowed(http: HttpRequest, allow: string): PlainAnswer {
  const error = { code: TRANSPORT_ERROR, message: `Method not allowed; use ${allow}.` }
  return json(405, errorBody(idFor(http), error), { allow })
}
