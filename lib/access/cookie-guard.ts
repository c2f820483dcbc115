import { appError } from '../errors.ts'
import { type FetchMetadata, isNavigation, isOwnOrigin, isOwnSite } from './origin-guard.ts'

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
