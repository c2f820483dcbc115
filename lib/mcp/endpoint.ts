import { MCP_TAKES } from '../access/identify.ts'
import { admit } from '../door/admit.ts'
import { checkMediaType, parseBody, readBody } from '../door/body.ts'
import type { AdmittedRequest, HttpAnswer, HttpRequest } from '../door/message.ts'
import type { Protocol } from '../door/pass.ts'
import { asAppError } from '../door/problem.ts'
import { refusalHeaders } from '../door/refusal-headers.ts'
import { webRoute } from '../door/web.ts'
import { type AppError, ERROR_CATALOGUE } from '../errors.ts'
import { errorBody, PARSE_ERROR, type RpcErrorBody, TRANSPORT_ERROR, toAppError } from './errors.ts'
import { unknownId } from './transport/message.ts'
import { json } from './transport/serialise.ts'

/** One address of the server: its work before a body is read, and with the body. */
export interface Endpoint {
  /** HTTP methods, for the header Allow. */
  readonly allow: string
  /** Answers what has no body; undefined: read it and call `post`. */
  open(http: AdmittedRequest): HttpAnswer | undefined
  post(http: AdmittedRequest, body: unknown): HttpAnswer | Promise<HttpAnswer>
  /** The answer to JSON that has more of something than a limit allows; left out: 413. */
  tooLarge?(error: AppError): HttpAnswer
}

const HEADERS =
  'Accept, Authorization, Content-Type, Last-Event-ID, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Mcp-Session-Id, Traceparent'

/** The protocol of one address. Refusals before JSON-RPC have its form as well. */
export function mcpProtocol(endpoint: Endpoint): Protocol<AdmittedRequest> {
  return {
    name: 'mcp',
    hasCors: true,
    allow: endpoint.allow,
    preflight: HEADERS,
    admit: (http) => admit(http, { mayNavigate: false, takes: MCP_TAKES }),
    answer: (http) => endpoint.open(http) ?? answerBody(endpoint, http),
    refuse,
  }
}

/** The exports of a route file, for where Next's router comes first. */
export function mcpRoute(endpoint: Endpoint): ReturnType<typeof webRoute> {
  const protocol = mcpProtocol(endpoint)
  return webRoute(() => protocol)
}

async function answerBody(endpoint: Endpoint, http: AdmittedRequest): Promise<HttpAnswer> {
  // A page elsewhere can post a form or plain text here without the browser asking first.
  checkMediaType(http)
  const bytes = await readBody(http)
  if (bytes.byteLength === 0) return unreadable(http, 'The body is empty: it must be a JSON-RPC message.')
  let body: unknown
  try {
    body = parseBody(bytes)
  } catch (error) {
    const known = toAppError(error, http.id)
    if (known.code === 'too_large') return endpoint.tooLarge?.(known) ?? refuse(known, http)
    return unreadable(http, known.message)
  }
  return endpoint.post(http, body)
}

function unreadable(http: HttpRequest, message: string): HttpAnswer {
  return json(400, errorBody(idFor(http), { code: PARSE_ERROR, message }))
}

/** The id of an error that comes before any request is known. */
export function idFor(http: HttpRequest): null | undefined {
  return unknownId(http.header('mcp-protocol-version'))
}

/** An answer that refuses the exchange as a whole, before any method ran. */
function refuse(error: unknown, http: HttpRequest): HttpAnswer {
  const known = asAppError(error)
  const { status } = ERROR_CATALOGUE[known.code]
  return json(status, errorBody(idFor(http), transportError(known)), refusalHeaders(known, 'mcp'))
}

function transportError({ message, code, details, extra }: AppError): RpcErrorBody {
  const data = { ...extra, code, ...(details.length === 0 ? {} : { details }) }
  return { code: TRANSPORT_ERROR, message, data }
}

/** The refusal of an HTTP method. */
export function methodNotAllowed(http: HttpRequest, allow: string): HttpAnswer {
  const error = { code: TRANSPORT_ERROR, message: `Method not allowed; use ${allow}.` }
  return json(405, errorBody(idFor(http), error), { allow })
}
