import type { Contract } from '../contract.ts'
import { translateDatabaseError } from '../db/database-error.ts'
import { type AppError, appError, ERROR_CATALOGUE, type ErrorDetail, isAppError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import type { HttpAnswer, HttpRequest } from './message.ts'
import { refusalHeaders } from './refusal-headers.ts'

export type Place = 'body' | 'query' | 'path' | 'header'

/** A detail that knows which part of the request it speaks of. */
export interface PlacedDetail extends ErrorDetail {
  in: Place
}

const HEADER_NAMES: ReadonlySet<unknown> = new Set([
  'Host',
  'Origin',
  'If-Match',
  'Idempotency-Key',
  'Incipit-Revision',
  'Last-Event-ID',
  'Content-Type',
  'Content-Encoding',
])

/** Answers an error as an RFC 9457 problem. An error outside the catalogue is answered without its message. */
export function problemAnswer(
  thrown: unknown,
  request: HttpRequest,
  contract?: Contract,
): HttpAnswer & { body: string } {
  const error = asAppError(thrown)
  const { status, title } = ERROR_CATALOGUE[error.code]
  const problem = {
    type: `urn:incipit:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    instance: request.path,
    code: error.code,
    request_id: request.id,
    ...(error.details.length > 0 && {
      errors: error.details.map((detail) => problemDetail(detail, contract)),
    }),
    ...error.extra,
  }
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-request-id': request.id,
      ...refusalHeaders(error, 'rest'),
    },
    body: JSON.stringify(problem),
  }
}

/** The error as one of the catalogue; any other becomes `internal`. */
export function asAppError(thrown: unknown): AppError {
  const error = translateDatabaseError(thrown)
  if (isAppError(error)) return error
  return appError('internal', 'Something went wrong here. The request id finds it in the log.')
}

function problemDetail(detail: ErrorDetail | PlacedDetail, contract: Contract | undefined) {
  const place = 'in' in detail ? detail.in : placeOf(detail.path[0], contract)
  return {
    in: place,
    ...(place === 'body' && { pointer: jsonPointer(detail.path) }),
    path: detail.path,
    code: detail.code,
    message: detail.message,
    ...(detail.range !== undefined && { range: detail.range }),
    ...(detail.hint !== undefined && { hint: detail.hint }),
  }
}

/** Operations see path, query and body as one object; their names do not overlap. */
function placeOf(key: string | number | undefined, contract: Contract | undefined): Place {
  if (HEADER_NAMES.has(key)) return 'header'
  if (key === 'if_match') return 'header'
  if (contract?.params !== undefined && memberNames(contract.params).has(String(key))) return 'path'
  if (contract?.body === undefined) return 'query'
  return contract.query !== undefined && memberNames(contract.query).has(String(key)) ? 'query' : 'body'
}

/** Names of an object schema's members; none for another schema. */
export function memberNames(schema: object): ReadonlySet<string> {
  const shape: unknown = 'shape' in schema ? schema.shape : undefined
  return new Set(typeof shape === 'object' && shape !== null ? Object.keys(shape) : [])
}

/** RFC 6901, as a URI fragment. */
function jsonPointer(path: (string | number)[]): string {
  const parts = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
  return `#${parts.join('')}`
}

/**
 * Headers of a successful answer that is given while the database is away: it came from memory, and is
 * at most so many seconds old. Undefined while the database answers.
 */
export function stalenessHeaders(): { age: string; 'incipit-stale': string } | undefined {
  const { availability } = getRuntime().database
  if (!availability.down) return undefined
  const seconds = String(availability.staleFor())
  return { age: seconds, 'incipit-stale': seconds }
}
