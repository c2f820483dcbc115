import type { LoadedConfig } from '../config/load.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { isLoopback } from './host-guard.ts'

/** Origins besides its own whose pages may call the server. */
function allowedOrigins(config: Pick<LoadedConfig, 'security'>): ReadonlySet<string> {
  return new Set(config.security.cors_origins)
}

/** Whether an Origin header names a page that may call: one of our own, or a configured one. */
export function isAllowedOrigin(origin: string, called: Called): boolean {
  return isOwnOrigin(origin, called) || knownOrigins().has(origin)
}

/** What a request was addressed to. */
export interface Called {
  /** The Host header, which must have been checked. */
  readonly host: string | undefined
  /** The scheme, where a trusted proxy tells it. */
  readonly scheme?: 'http' | 'https' | undefined
}

/**
 * Whether a page is one of ours: of the public address, or of the very address that it calls. Where the public address is https, pages that came over
 * http are not ours, but for those of this machine itself.
 */
function isOwnOrigin(origin: string, { host, scheme }: Called): boolean {
  const { publicUrl } = getRuntime().config
  if (origin === new URL(publicUrl).origin) return true
  if (host === undefined) return false
  const called = host.toLowerCase()
  if (scheme !== undefined) return origin === `${scheme}://${called}`
  if (!publicUrl.startsWith('https:')) return origin === `http://${called}` || origin === `https://${called}`
  return origin === `${isLoopback(called) ? 'http' : 'https'}://${called}`
}

/** Headers in which a browser describes the origin and the purpose of a request. Other tools send none of them. */
export interface FetchMetadata extends Called {
  origin: string | undefined
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
  const { origin, fetchSite } = request
  if (origin === undefined ? isOwnSite(fetchSite) : isAllowedOrigin(origin, request)) return
  if (options.mayNavigate && isNavigation(request)) return
  throw appError(
    'forbidden',
    'Pages of other origins may not call this server. Its operator can allow one with security.cors_origins.',
    { details: [{ path: ['Origin'], code: 'origin_not_allowed', message: 'is not an allowed origin' }] },
  )
}

/** Whether somebody follows a link, in a window of its own. */
function isNavigation({ fetchMode, fetchDest }: FetchMetadata): boolean {
  return fetchMode === 'navigate' && fetchDest === 'document'
}

/** `none`: the person typed the address or used a bookmark. */
function isOwnSite(fetchSite: string | undefined): boolean {
  return fetchSite === undefined || fetchSite === 'none' || fetchSite === 'same-origin'
}

function knownOrigins(): ReadonlySet<string> {
  return getRuntime().once('access.origins', ({ config }) => allowedOrigins(config))
}

/**
 * Refuses a request that brings the cookie of a session and was not made by one of our own pages. A browser adds a
 * cookie whoever asks, so the request itself must show where it comes from.
 * @param options isChange: an Origin must be there, and ours · mayNavigate: a link elsewhere may lead here
 * @throws forbidden
 */
export function checkCookieUse(
  request: FetchMetadata,
  options: { isChange: boolean; mayNavigate: boolean },
): void {
  const { fetchSite, origin } = request
  const isLink = options.mayNavigate && !options.isChange && isNavigation(request)
  const isOurs = origin === undefined ? !options.isChange : isOwnOrigin(origin, request)
  if (isOurs && (isOwnSite(fetchSite) || isLink)) return
  throw appError(
    'forbidden',
    'A session is used by pages of this server alone. A change needs their Origin; programs send a key instead.',
    { details: [{ path: ['Origin'], code: 'origin_not_own', message: 'is not that of this server' }] },
  )
}
