import type { LoadedConfig } from '../config/load.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { isLoopback } from './host-guard.ts'

/** Origins besides its own whose pages may call the server: the configured ones and the public address. */
function allowedOrigins(config: Pick<LoadedConfig, 'security' | 'publicUrl'>): ReadonlySet<string> {
  return new Set([...config.security.cors_origins, new URL(config.publicUrl).origin])
}

/** Whether an Origin header names a page that may call: one of our own, or a configured one. */
export function isAllowedOrigin(origin: string, host: string | undefined): boolean {
  return isOwnOrigin(origin, host) || knownOrigins().has(origin)
}

/**
 * Whether the page came from the very address that it calls. The Host header must have been checked. Where the
 * public address is https, pages that came over http are not ours, but for those of this machine itself.
 */
export function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (host === undefined) return false
  const called = host.toLowerCase()
  const { publicUrl } = getRuntime().config
  if (origin === new URL(publicUrl).origin) return origin.endsWith(`//${called}`)
  if (!publicUrl.startsWith('https:')) return origin === `http://${called}` || origin === `https://${called}`
  return origin === `${isLoopback(called) ? 'http' : 'https'}://${called}`
}

/** Headers in which a browser describes the origin and the purpose of a request. Other tools send none of them. */
export interface FetchMetadata {
  origin: string | undefined
  host: string | undefined
  fetchSite?: string | undefined
  fetchMode?: string | undefined
  fetchDest?: string | undefined
}

/**
 * Refuses a request that a page elsewhere makes, an embedded picture included. Tools that are no browser
 * send neither Origin nor Sec-Fetch-Site; an opaque origin (`null`) counts as foreign, and so does a page
 * at another port of the same machine (`same-site`).
 * @param options mayNavigate: a link elsewhere may lead here, in a window of its own
 * @throws forbidden
 */
export function checkOrigin(request: FetchMetadata, options: { mayNavigate: boolean }): void {
  const { origin, host, fetchSite } = request
  if (origin === undefined ? isOwnSite(fetchSite) : isAllowedOrigin(origin, host)) return
  if (options.mayNavigate && isNavigation(request)) return
  throw appError(
    'forbidden',
    'Pages of other origins may not call this server. Its operator can allow one with security.cors_origins.',
    { details: [{ path: ['Origin'], code: 'origin_not_allowed', message: 'is not an allowed origin' }] },
  )
}

/** Whether somebody follows a link, in a window of its own. */
export function isNavigation({ fetchMode, fetchDest }: FetchMetadata): boolean {
  return fetchMode === 'navigate' && fetchDest === 'document'
}

/** `none`: the person typed the address or used a bookmark. */
function isOwnSite(fetchSite: string | undefined): boolean {
  return fetchSite === undefined || fetchSite === 'none' || fetchSite === 'same-origin'
}

function knownOrigins(): ReadonlySet<string> {
  return getRuntime().once('access.origins', ({ config }) => allowedOrigins(config))
}
