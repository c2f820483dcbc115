import { LRUCache } from 'lru-cache'
import type { Identity } from '../access/actor.ts'
import { checkHost, checkToolHost } from '../access/host-guard.ts'
import { identify } from '../access/identify.ts'
import { checkOrigin, type FetchMetadata } from '../access/origin-guard.ts'
import type { Takes } from '../access/read-credential.ts'
import { appError } from '../errors.ts'
import { readTrace } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import type { AdmittedRequest, HttpRequest } from './message.ts'

/**
 * Admits a request after checks of its host, its origin, its requester and its rate. It comes before any body.
 * @param options mayNavigate: a page elsewhere may link here
 * @throws forbidden, unauthenticated, invalid_input, unavailable, rate_limited
 */
export async function admit(
  request: HttpRequest,
  options: { mayNavigate: boolean; takes: Takes },
): Promise<AdmittedRequest> {
  admitUnknown(request, options)
  const { record } = request
  record.trace = readTrace(request.header('traceparent'))
  const identity = await identify(request, options.takes)
  record.identity = identity
  assertRate(identity)
  // Only this line makes an admitted request: its identity was set above.
  return request as AdmittedRequest
}

/**
 * Admits a request whose sender signs its body, or reads a page.
 * @throws forbidden
 */
export function admitUnknown(request: HttpRequest, options: { mayNavigate: boolean }): void {
  checkHost(request.header('host'))
  checkOrigin(fetchMetadata(request), options)
}

/**
 * Admits a monitor, which asks an instance by its address or by the name of a service.
 * @param toolsOnly no page may ask under a name that is not ours
 * @throws forbidden
 */
export function admitMonitor(request: HttpRequest, toolsOnly: boolean): void {
  checkOrigin(fetchMetadata(request), { mayNavigate: true })
  if (toolsOnly) checkToolHost((name) => request.header(name))
}

/** The headers that describe the page behind a request. */
function fetchMetadata(request: HttpRequest): FetchMetadata {
  return {
    origin: request.header('origin'),
    host: request.header('host'),
    fetchSite: request.header('sec-fetch-site'),
    fetchMode: request.header('sec-fetch-mode'),
    fetchDest: request.header('sec-fetch-dest'),
  }
}

/** The requests that a sender has left in this second, and the time of the last count. */
interface Bucket {
  left: number
  at: number
}

/** Most senders that are remembered; a forgotten one starts anew. */
const SENDERS_MAX = 10_000

/**
 * Counts a request against what its sender may ask of this instance in a second.
 * @throws rate_limited
 */
function assertRate({ id }: Identity): void {
  const most = getRuntime().config.limits.requests_per_second
  if (most === 0) return
  const now = performance.now()
  const buckets = getRuntime().once('door.rate', () => new LRUCache<string, Bucket>({ max: SENDERS_MAX }))
  const bucket = buckets.get(id) ?? { left: most, at: now }
  bucket.left = Math.min(most, bucket.left + ((now - bucket.at) / 1000) * most)
  bucket.at = now
  buckets.set(id, bucket)
  if (bucket.left < 1)
    throw appError('rate_limited', `More than ${most} requests came in a second. Send fewer at once.`, {
      retryAfter: 1,
      extra: { limit: 'limits.requests_per_second' },
    })
  bucket.left -= 1
}
