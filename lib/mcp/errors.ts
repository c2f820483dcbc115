import { asAppError } from '../door/problem.ts'
import { type AppError, ERROR_CATALOGUE, type ErrorCode } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { cutText } from '../text.ts'
import type { RequestId } from './transport/message.ts'

/** Codes of JSON-RPC 2.0, and the protocol's own. */
export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const METHOD_NOT_FOUND = -32601
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

const TEXT_MAX = 4000

/** A tool's own advice on errors by code; it replaces the general advice. */
export type Advice = Partial<Record<ErrorCode, string>>

/** An error as a text that a model or a person can act on: the fault, its place, the remedy. */
export function explain(error: AppError, own: Advice = {}): string {
  const lines = [
    error.message,
    ...error.details.flatMap((detail) => {
      const line = describe(detail)
      // A single fault is often the whole message already.
      return error.message.includes(line) ? [] : [`- ${line}`]
    }),
    ...advice(error, own),
  ]
  return cutText(lines.join('\n'), TEXT_MAX)
}

function describe({ path, message, hint }: AppError['details'][number]): string {
  // Many say themselves what they are about.
  const isNamed = path.length === 0 || message.startsWith(`${String(path.at(-1))} `)
  const where = isNamed ? '' : `${path.join('.')}: `
  return `${where}${message}${hint === undefined ? '' : ` (${hint})`}`
}

function advice({ code, extra, retryAfter }: AppError, own: Advice): string[] {
  const told = own[code]
  switch (code) {
    case 'not_found':
      if (extra.archived === true) return []
      if (Array.isArray(extra.labels)) return [labelAdvice(extra.labels)]
      if (typeof extra.latest_version === 'number') return [versionAdvice(extra.latest_version)]
      return [told ?? 'search_prompts finds the names that exist.']
    case 'precondition_failed':
      return [staleAdvice(extra)]
    case 'rate_limited':
    case 'quota_exceeded':
    case 'unavailable':
    case 'overloaded':
    case 'storage_full':
    case 'read_only':
    case 'lock_timeout':
    case 'upstream_failed':
      return [`Try again${retryAfter === undefined ? ' later' : ` in ${retryAfter} seconds`}.`]
    default:
      return told === undefined ? [] : [told]
  }
}

function labelAdvice(labels: readonly unknown[]): string {
  return labels.length === 0
    ? 'Name a version by its number, or the label "latest" for the newest.'
    : 'Name one of these with label, or a version by its number.'
}

function versionAdvice(newest: number): string {
  return newest === 1 ? 'Its only version is 1.' : `Its versions are 1 to ${newest}.`
}

function staleAdvice({ latest_version: newest }: AppError['extra']): string {
  if (typeof newest !== 'number') return 'Repeat the change on what get_prompt shows now.'
  return `Read version ${newest} with get_prompt, repeat the change on it, and send base_version ${newest}.`
}
