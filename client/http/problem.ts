import { isAppError } from '#lib/errors.ts'
import type { ErrorDetail, IncipitError } from '../public.ts'

interface Facts {
  status?: number | undefined
  details?: readonly ErrorDetail[] | undefined
  retryAfter?: number | undefined
  requestId?: string | undefined
  extra?: Record<string, unknown>
  cause?: unknown
}

/** Makes the error that everything here throws. */
export function incipitError(code: string, message: string, facts: Facts = {}): IncipitError {
  const error = new Error(message, facts.cause === undefined ? undefined : { cause: facts.cause })
  return Object.assign(error, {
    name: 'IncipitError' as const,
    code,
    status: facts.status,
    details: facts.details ?? [],
    retryAfter: facts.retryAfter,
    requestId: facts.requestId,
    extra: facts.extra ?? {},
  })
}

export function isIncipitError(error: unknown): error is IncipitError {
  return error instanceof Error && error.name === 'IncipitError'
}

/** An error of the language as the server would answer it; any other as it is. */
export function asIncipitError(error: unknown): unknown {
  if (!isAppError(error)) return error
  const { code, message, details, extra, cause } = error
  return incipitError(code, message, { details, extra, cause })
}

/** Members of a problem that have a place of their own. */
const KNOWN = new Set(['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id', 'errors'])

/** The error that an answer tells (RFC 9457), or what can be said of one that is none. */
export function problemOf(
  response: Pick<Response, 'status' | 'headers'>,
  text: string,
  url: string,
): IncipitError {
  const { status } = response
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : undefined
  const problem = readObject(text)
  if (problem === undefined || typeof problem.code !== 'string')
    return incipitError(codeOf(status), `${url} answered ${status}, and not as Incipit does.`, {
      status,
      retryAfter,
    })
  const detail = typeof problem.detail === 'string' ? problem.detail : `Error ${status}`
  return incipitError(problem.code, detail, {
    status,
    retryAfter,
    details: Array.isArray(problem.errors) ? (problem.errors as ErrorDetail[]) : [],
    requestId: typeof problem.request_id === 'string' ? problem.request_id : undefined,
    extra: Object.fromEntries(Object.entries(problem).filter(([key]) => !KNOWN.has(key))),
  })
}

function codeOf(status: number): string {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  return status >= 500 || status === 429 ? 'unavailable' : 'unexpected_answer'
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** Whether the server was away, so that what is kept of it may stand in. */
export function isAway(error: unknown): boolean {
  if (!isIncipitError(error)) return false
  const { code, status } = error
  return (
    code === 'unreachable' || code === 'timeout' || status === 429 || (status !== undefined && status >= 500)
  )
}
