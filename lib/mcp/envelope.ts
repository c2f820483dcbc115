import type { HttpRequest } from '../door/message.ts'
import type { Asking } from './caller.ts'
import { isObject, type JsonObject, type RpcRequest } from './message.ts'
import { STATELESS_REVISION } from './revision.ts'

/** Members of `_meta` that say who asks, in every request of 2026-07-28. */
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
 * Who asks, when a request of 2026-07-28 is beyond doubt: its envelope whole, its headers equal to its
 * body. Anything else (undefined) is for the SDK to judge, whose refusals are the protocol's own.
 */
export function readEnvelope(http: HttpRequest, request: RpcRequest): Asking | undefined {
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
  return client === undefined || isClientInfo(client) ? askingOf(meta) : undefined
}

/** The client of an `initialize`, when it says one properly. */
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

/** Who sends a message of 2026-07-28, whether or not the rest of it holds. */
export function readAsking(body: unknown): Asking | undefined {
  if (!isObject(body) || !isObject(body.params)) return undefined
  const meta = metaOf({ params: body.params })
  if (meta === undefined) return undefined
  const { inputResponses } = body.params
  return { ...askingOf(meta), answers: isObject(inputResponses) ? inputResponses : undefined }
}

function askingOf(meta: JsonObject): Asking {
  const client = meta[CLIENT_INFO]
  const capabilities = meta[CLIENT_CAPABILITIES]
  return {
    client: isClientInfo(client) ? { name: client.name, version: client.version } : undefined,
    asksUser: isObject(capabilities) && hasForms(capabilities.elicitation),
  }
}

/** An empty capability means forms, as it did when there was nothing else (2025-06-18). */
function hasForms(elicitation: unknown): boolean {
  return isObject(elicitation) && (isObject(elicitation.form) || Object.keys(elicitation).length === 0)
}
