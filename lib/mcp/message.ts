/** JSON-RPC 2.0 messages as they arrive. */

export type JsonObject = Record<string, unknown>
export type RequestId = string | number

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

/** What kind of message a body is; nothing is trusted beyond what is checked here. */
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

/** The id to answer with when a body is refused as a whole; undefined when it cannot be told. */
export function idOf(body: unknown): RequestId | undefined {
  return isObject(body) && isRequestId(body.id) ? body.id : undefined
}
