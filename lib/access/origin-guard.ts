import type { LoadedConfig } from '../config/load.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'

/** Origins besides its own whose pages may call the server: the configured ones and the public address. */
function allowedOrigins(config: Pick<LoadedConfig, 'security' | 'publicUrl'>): ReadonlySet<string> {
  return new Set([...config.security.cors_origins, new URL(config.publicUrl).origin])
}

/** Whether an Origin header names a page that may call: one of our own, or a configured one. */
export function isAllowedOrigin(origin: string, host: string | undefined): boolean {
  return isOwnOrigin(origin, host) || knownOrigins().has(origin)
}

/** Whether the page came from the very address that it calls. The Host header must have been checked. */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (host === undefined) return false
  const called = host.toLowerCase()
  return origin === `http://${called}` || origin === `https://${called}`
}

/**
 * Refuses a request that a page elsewhere makes. Tools that are no browser send no Origin; an opaque
 * origin (`null`) counts as foreign.
 * @param request its Origin, Host and Sec-Fetch-Site headers
 * @throws forbidden
 */
export function checkOrigin(request: {
  origin: string | undefined
  host: string | undefined
  fetchSite?: string | undefined
}): void {
  const { origin, host, fetchSite } = request
  if (origin === undefined ? fetchSite !== 'cross-site' : isAllowedOrigin(origin, host)) return
  throw appError(
    'forbidden',
    'Pages of other origins may not call this server. Its operator can allow one with security.cors_origins.',
    { details: [{ path: ['Origin'], code: 'origin_not_allowed', message: 'is not an allowed origin' }] },
  )
}

function knownOrigins(): ReadonlySet<string> {
  return getRuntime().once('access.origins', ({ config }) => allowedOrigins(config))
}
