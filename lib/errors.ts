/**
 * One error for the whole house. Code is bundled several times in one process (pages, routes,
 * instrumentation), so `instanceof` is false between copies: errors are recognised by their code.
 */

/** The errors that every door translates: to HTTP, JSON-RPC and MCP tools. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE

interface CatalogueEntry {
  readonly status: number
  readonly jsonRpc: number
  readonly retry: 'no' | 'later'
  readonly title: string
}

/** From code to everything: HTTP status, JSON-RPC code, whether a retry can help, problem title. */
export const ERROR_CATALOGUE = {
  invalid_input: { status: 400, jsonRpc: -32602, retry: 'no', title: 'Invalid input' },
  unprocessable: { status: 422, jsonRpc: -32602, retry: 'no', title: 'Cannot be processed' },
  unauthenticated: { status: 401, jsonRpc: -32602, retry: 'no', title: 'Not signed in' },
  forbidden: { status: 403, jsonRpc: -32602, retry: 'no', title: 'Not allowed' },
  not_found: { status: 404, jsonRpc: -32602, retry: 'no', title: 'Not found' },
  conflict: { status: 409, jsonRpc: -32602, retry: 'no', title: 'Conflict' },
  precondition_failed: { status: 412, jsonRpc: -32602, retry: 'no', title: 'Changed since it was read' },
  precondition_required: { status: 428, jsonRpc: -32602, retry: 'no', title: 'If-Match is required' },
  method_not_allowed: { status: 405, jsonRpc: -32601, retry: 'no', title: 'Method not allowed' },
  unsupported_media_type: { status: 415, jsonRpc: -32600, retry: 'no', title: 'Unsupported media type' },
  too_large: { status: 413, jsonRpc: -32603, retry: 'later', title: 'Too large' },
  rate_limited: { status: 429, jsonRpc: -32603, retry: 'later', title: 'Too many requests' },
  quota_exceeded: { status: 429, jsonRpc: -32603, retry: 'later', title: 'Quota exceeded' },
  upstream_failed: { status: 502, jsonRpc: -32603, retry: 'later', title: 'Provider failed' },
  unavailable: { status: 503, jsonRpc: -32603, retry: 'later', title: 'Temporarily unavailable' },
  overloaded: { status: 503, jsonRpc: -32603, retry: 'later', title: 'Too much work at once' },
  storage_full: { status: 503, jsonRpc: -32603, retry: 'later', title: 'The storage is full' },
  read_only: { status: 503, jsonRpc: -32603, retry: 'later', title: 'Read-only at the moment' },
  lock_timeout: { status: 503, jsonRpc: -32603, retry: 'later', title: 'Held by another change' },
  internal: { status: 500, jsonRpc: -32603, retry: 'later', title: 'Internal error' },
} as const satisfies Record<string, CatalogueEntry>

/** A span of a text: offsets in UTF-16 units (end exclusive), line and column from 1. */
export interface TextRange {
  start: number
  end: number
  line: number
  column: number
}

/** One thing that is wrong: where (`path` into the input), which kind, and what to do about it. */
export interface ErrorDetail {
  path: (string | number)[]
  code: string
  message: string
  range?: TextRange
  hint?: string
}

export interface AppErrorOptions {
  details?: ErrorDetail[]
  /** Members added to the problem document, such as `labels` or `current_etag`. */
  extra?: Record<string, unknown>
  /** Seconds until a retry can help; becomes Retry-After. */
  retryAfter?: number
  cause?: unknown
}

export interface AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetail[]
  readonly extra: Record<string, unknown>
  readonly retryAfter: number | undefined
}

/** Most details of one error: a caller that fixes these sees the others the next time. */
const MOST_DETAILS = 50

/**
 * Makes the error that operations throw.
 * @param message public text: it reaches the caller as it is, so it holds no secret and no internals
 */
export function appError(code: ErrorCode, message: string, options: AppErrorOptions = {}): AppError {
  const error = new Error(message, options.cause === undefined ? undefined : { cause: options.cause })
  error.name = 'AppError'
  const { details = [], extra = {} } = options
  const leftOut = Math.max(0, details.length - MOST_DETAILS)
  return Object.assign(error, {
    code,
    details: details.slice(0, MOST_DETAILS),
    extra: leftOut > 0 ? { ...extra, errors_left_out: leftOut } : extra,
    retryAfter: options.retryAfter,
  })
}

/**
 * The refusal of what passes a limit of the configuration, the same at every door.
 * @param key the limit's key, such as `limits.tags`
 * @param message what is too much, without full stop; the key is added
 * @param path where in the input it stands
 */
export function overLimit(key: string, message: string, path: (string | number)[] = []): AppError {
  const said = `${message} (${key})`
  return appError('too_large', `${said}.`, {
    details: [{ path, code: 'too_large', message: said }],
    extra: { limit: key },
  })
}

/**
 * An error as another door tells it: with the places of its details where that door's caller gave them. What is no
 * error of ours is given back as it is.
 */
export function relocated(error: unknown, move: (path: ErrorDetail['path']) => ErrorDetail['path']): unknown {
  if (!isAppError(error)) return error
  const { code, message, details, extra, retryAfter } = error
  return appError(code, message, {
    details: details.map((detail) => ({ ...detail, path: move(detail.path) })),
    extra,
    ...(retryAfter !== undefined && { retryAfter }),
    cause: error,
  })
}

/** Whether a thrown value is one of ours, whichever copy of this module made it. */
export function isAppError(value: unknown): value is AppError {
  return (
    value instanceof Error && value.name === 'AppError' && 'code' in value && isErrorCode(String(value.code))
  )
}

/** Whether the same may succeed in a moment: the database is away or full, or took a transaction back. */
export function isPassing(error: unknown): boolean {
  return isAppError(error) && (ERROR_CATALOGUE[error.code].status === 503 || error.code === 'conflict')
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, code)
}
