import type { HttpRequest } from '../../door/message.ts'
import { cutText } from '../../text.ts'

/** JSON-RPC 2.0 messages as they arrive. */

export type JsonObject = Record<string, unknown>
export type RequestId = string | number

/** Characters that are kept of what a client calls itself. */
const NAME_LENGTH = 80

export interface ClientInfo {
  readonly name: string
  readonly version?: string | undefined
}

/** The client as a request of 2026-07-28 describes it. */
export interface Requester {
  client: ClientInfo | undefined
  /** It declares forms (`elicitation`) among its capabilities. */
  asksUser: boolean
  answers?: JsonObject | undefined
}

export interface RpcRequest {
  readonly jsonrpc: '2.0'
  readonly id: RequestId
  readonly method: string
  readonly params?: JsonObject
}

export type Incoming =
  | { kind: 'request'; request: RpcRequest }
  | { kind: 'notification'; method: string; params: JsonObject | undefined }
  | { kind: 'response' }
  | { kind: 'batch'; messages: unknown[] }
  | { kind: 'invalid' }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || Number.isSafeInteger(value)
}

/** Classifies a body. Only what is checked here is trusted. */
export function readMessage(body: unknown): Incoming {
  if (Array.isArray(body)) return { kind: 'batch', messages: body }
  if (!isObject(body) || body.jsonrpc !== '2.0') return { kind: 'invalid' }
  const { method, params } = body
  if (typeof method !== 'string') return { kind: isResponse(body) ? 'response' : 'invalid' }
  if (params !== undefined && !isObject(params)) return { kind: 'invalid' }
  if (!('id' in body)) return { kind: 'notification', method, params }
  return isRpcRequest(body) ? { kind: 'request', request: body } : { kind: 'invalid' }
}

function isRpcRequest(body: object): body is RpcRequest {
  return 'id' in body && isRequestId(body.id)
}

function isResponse(body: JsonObject): boolean {
  return isRequestId(body.id) && (isObject(body.result) || isObject(body.error))
}

/** The id to answer with when a body is refused as a whole; undefined when it has none. */
export function idOf(body: unknown): RequestId | undefined {
  return isObject(body) && isRequestId(body.id) ? body.id : undefined
}

/** Revisions of the protocol with a handshake (`initialize`), newest first. */
export const HANDSHAKE_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const
/** The revision without one: each request names its requester and its revision. */
export const STATELESS_REVISION = '2026-07-28'

export type HandshakeRevision = (typeof HANDSHAKE_REVISIONS)[number]
export type Revision = HandshakeRevision | typeof STATELESS_REVISION

/** The revision of a request without MCP-Protocol-Version (2025-11-25, "Protocol Version Header"). */
export const REVISION_WITHOUT_HEADER: HandshakeRevision = '2025-03-26'

/** Whether a text names a revision with a handshake that is served. */
export function isHandshakeRevision(text: string): text is HandshakeRevision {
  return HANDSHAKE_REVISIONS.some((revision) => revision === text)
}

/** The answer to `initialize`: the requested revision when it is served, else the newest. */
export function negotiate(asked: string): HandshakeRevision {
  return isHandshakeRevision(asked) ? asked : HANDSHAKE_REVISIONS[0]
}

/**
 * The id of an error whose request is unknown: null in JSON-RPC, none in the newer revisions.
 * @param version of the header, whether or not it is served
 */
export function unknownId(version: string | undefined): null | undefined {
  return version === undefined || (isHandshakeRevision(version) && version < '2025-11-25') ? null : undefined
}

/** Whether messages may carry sound; revisions are dates, so they compare as texts. */
export function hasAudio(revision: Revision): boolean {
  return revision >= '2025-03-26'
}

export function hasResourceLinks(revision: Revision): boolean {
  return revision >= '2025-06-18'
}

/** JSON-RPC batches were part of one revision alone; older ones inherited them from JSON-RPC itself. */
export function hasBatches(revision: Revision): boolean {
  return revision <= '2025-03-26'
}

/** Members of `_meta` that describe the requester, in every request of 2026-07-28. */
const PROTOCOL_VERSION = 'io.modelcontextprotocol/protocolVersion'
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo'
const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'

/** Methods whose header Mcp-Name repeats a parameter. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
}

/** The `_meta` of a message, when it has one. */
export function metaOf(request: { params?: JsonObject }): JsonObject | undefined {
  const meta = request.params?._meta
  return isObject(meta) ? meta : undefined
}

/** Whether a message claims a revision for itself, as only those from 2026-07-28 on do. */
export function claimsRevision(request: { params?: JsonObject }): boolean {
  const meta = metaOf(request)
  return meta !== undefined && PROTOCOL_VERSION in meta
}

/**
 * The requester of a valid request of 2026-07-28: its envelope is complete and its headers equal its body.
 * Anything else is undefined and goes to the SDK, whose refusals are the protocol's own.
 */
export function readEnvelope(http: HttpRequest, request: RpcRequest): Requester | undefined {
  const meta = metaOf(request)
  if (meta?.[PROTOCOL_VERSION] !== STATELESS_REVISION) return undefined
  if (!areCapabilities(meta[CLIENT_CAPABILITIES])) return undefined
  if (http.header('mcp-protocol-version') !== STATELESS_REVISION) return undefined
  if (http.header('mcp-method') !== request.method) return undefined
  const named = NAMED_BY[request.method]
  if (named !== undefined) {
    const header = http.header('mcp-name')
    // A name that could be an encoded one is decoded by the SDK.
    if (header === undefined || header !== request.params?.[named] || header.startsWith('=?'))
      return undefined
  }
  const client = meta[CLIENT_INFO]
  return client === undefined || isClientInfo(client) ? requesterOf(meta) : undefined
}

/** Whether a value is the client of an `initialize`, with its name and version. */
export function isClientInfo(value: unknown): value is { name: string; version: string } {
  return isObject(value) && typeof value.name === 'string' && typeof value.version === 'string'
}

/** Whether every capability is an object of objects: the shape of all of them but `roots.listChanged`. */
export function areCapabilities(value: unknown): boolean {
  if (!isObject(value)) return false
  return Object.values(value).every(
    (capability) => isObject(capability) && Object.values(capability).every(isObject),
  )
}

/** The requester of a message of 2026-07-28, whether or not the rest of it is valid. */
export function readRequester(body: unknown): Requester | undefined {
  if (!isObject(body) || !isObject(body.params)) return undefined
  const meta = metaOf({ params: body.params })
  if (meta === undefined) return undefined
  const { inputResponses } = body.params
  return { ...requesterOf(meta), answers: isObject(inputResponses) ? inputResponses : undefined }
}

function requesterOf(meta: JsonObject): Requester {
  const client = meta[CLIENT_INFO]
  const capabilities = meta[CLIENT_CAPABILITIES]
  return {
    client: isClientInfo(client)
      ? { name: cutText(client.name, NAME_LENGTH), version: cutText(client.version, NAME_LENGTH) }
      : undefined,
    asksUser: isObject(capabilities) && hasForms(capabilities.elicitation),
  }
}

/** An empty capability means forms, as it did when there was nothing else (2025-06-18). */
function hasForms(elicitation: unknown): boolean {
  return isObject(elicitation) && (isObject(elicitation.form) || Object.keys(elicitation).length === 0)
}
