import { isAllowedOrigin } from '../access/origin-guard.ts'
import { getRuntime } from '../runtime.ts'
import type { HttpRequest } from './message.ts'

const ANSWER_HEADERS =
  'Age, ETag, Idempotency-Replayed, Incipit-Key-Expires, Incipit-Revision, Incipit-Stale, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id'

/** Headers that let pages of the configured origins read an answer; none when no origin is configured. */
export function corsHeaders(request: HttpRequest): Record<string, string> | undefined {
  if (getRuntime().config.security.cors_origins.length === 0) return undefined
  const origin = request.header('origin')
  if (
    origin === undefined ||
    !isAllowedOrigin(origin, { host: request.header('host'), scheme: request.scheme })
  )
    return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': ANSWER_HEADERS,
    // Allowed to read it across origins, an embedding page included.
    'cross-origin-resource-policy': 'cross-origin',
  }
}

/**
 * The further headers of a preflight: methods, headers, and the lifetime of the answer.
 * @param accepted names of the headers that a request may have
 */
export function preflightHeaders(
  request: HttpRequest,
  allow: string,
  accepted: string,
): Record<string, string> | undefined {
  if (request.header('access-control-request-method') === undefined) return undefined
  const headers = corsHeaders(request)
  if (headers?.['access-control-allow-origin'] === undefined) return headers
  return {
    ...headers,
    'access-control-allow-methods': allow,
    'access-control-allow-headers': accepted,
    'access-control-max-age': '600',
  }
}
