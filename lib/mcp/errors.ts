import { asAppError } from '../door/problem.ts'
import { type AppError, ERROR_CATALOGUE } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import type { RequestId } from './message.ts'
import { explain } from './tool-error.ts'

/** Codes of JSON-RPC 2.0, and the protocol's own. */
export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const INVALID_PARAMS = -32602
export const INTERNAL_ERROR = -32603
/** A revision of the protocol that is not served (2026-07-28, "Protocol Version Header"). */
export const UNSUPPORTED_VERSION = -32022
/** A resource that does not exist, before 2026-07-28 (2025-11-25, "Resources", "Error Handling"). */
export const RESOURCE_NOT_FOUND = -32002
/** For refusals of the transport that happen before JSON-RPC (the SDKs of the project use it so). */
export const TRANSPORT_ERROR = -32000

/** The member `error` of a JSON-RPC answer. */
export interface RpcErrorBody {
  code: number
  message: string
  data?: unknown
}

/** An error that already knows its JSON-RPC form; the SDK reads `code` and `data` from it as well. */
export interface RpcError extends Error {
  readonly code: number
  readonly data?: unknown
}

export function rpcError(code: number, message: string, data?: unknown): RpcError {
  const error = new Error(message)
  error.name = 'RpcError'
  return Object.assign(error, { code, ...(data === undefined ? {} : { data }) })
}

function isRpcError(value: unknown): value is RpcError {
  return value instanceof Error && 'code' in value && Number.isSafeInteger(value.code)
}

/** Wrong parameters of a method: the message says which and how. */
export function invalidParams(message: string, data?: unknown): RpcError {
  return rpcError(INVALID_PARAMS, message, data)
}

/**
 * Any thrown value in its JSON-RPC form, by the catalogue of lib/errors.ts. An unknown error is logged
 * with the request's id and answered without its message.
 */
export function toRpcError(error: unknown, requestId: string): RpcError {
  if (isRpcError(error)) return error
  const known = toAppError(error, requestId)
  // Most clients show the message and nothing else, so the reasons are in it.
  return rpcError(ERROR_CATALOGUE[known.code].jsonRpc, explain(known), {
    ...known.extra,
    code: known.code,
    ...(known.details.length === 0 ? {} : { details: known.details }),
    ...(known.retryAfter === undefined ? {} : { retry_after: known.retryAfter }),
    ...(known.code === 'internal' ? { request_id: requestId } : {}),
  })
}

/** The error as one of the catalogue; one that is `internal` is logged with the request's id. */
export function toAppError(thrown: unknown, requestId: string): AppError {
  const known = asAppError(thrown)
  if (known.code === 'internal')
    getRuntime().log.error({ err: thrown, request_id: requestId }, 'an MCP request failed')
  return known
}

/**
 * The body of an answer that refuses.
 * @param id undefined: it has none, as an error has since 2025-11-25 whose request cannot be told
 */
export function errorBody(id: RequestId | null | undefined, error: RpcErrorBody): string {
  const { code, message, data } = error
  return JSON.stringify({
    jsonrpc: '2.0',
    ...(id === undefined ? {} : { id }),
    error: { code, message, ...(data === undefined ? {} : { data }) },
  })
}
