import { LRUCache } from 'lru-cache'
import type { Identity } from '../access/actor.ts'
import { checkHost, checkToolHost } from '../access/host-guard.ts'
import { identify } from '../access/identify.ts'
import { checkOrigin, type FetchMetadata } from '../access/origin-guard.ts'
import { appError } from '../errors.ts'
import { readTrace } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import type { AdmittedRequest, HttpRequest } from './message.ts'

/**
 * Lets in a request of one who may ask at all: host, origin, who it is, how often. Comes before any body.
 * @param options mayNavigate: a page elsewhere may link here
 * @throws forbidden, unavailable, rate_limited
 */
export async function admit(
  request: HttpRequest,
  options: { mayNavigate: boolean },
): Promise<AdmittedRequest> {
  admitUnknown(request, options)
  const { record } = request
  const identity = await identify()
  assertRate(identity)
  record.identity = identity
  record.trace = readTrace(request.header('traceparent'))
  // The one place that makes such a request: its identity has just been told.
  return request as AdmittedRequest
}

/**
 * Lets in a request whose sender proves who it is by a signature in the body, or reads a page.
 * @throws forbidden
 */
export function admitUnknown(request: HttpRequest, options: { mayNavigate: boolean }): void {
  checkHost(request.header('host'))
  checkOrigin(fetchMetadata(request), options)
}

/**
 * Lets in a monitor, which asks an instance by its address or by the name of a service.
 * @param toolsOnly no page may ask under a name that is not ours
 * @throws forbidden
 */
export function admitMonitor(request: HttpRequest, toolsOnly: boolean): void {
  checkOrigin(fetchMetadata(request), { mayNavigate: true })
  if (toolsOnly) checkToolHost((name) => request.header(name))
}

/** What the request says about the page that makes it. */
function fetchMetadata(request: HttpRequest): FetchMetadata {
  return {
    origin: request.header('origin'),
    host: request.header('host'),
    fetchSite: request.header('sec-fetch-site'),
    fetchMode: request.header('sec-fetch-mode'),
    fetchDest: request.header('sec-fetch-dest'),
  }
}

/** What a sender has left of its second's requests, and since when it is counted. */
interface Bucket {
  left: number
  at: number
}

/** Senders that are remembered; one that is forgotten starts anew. */
const SENDERS_MAX = 10_000

/**
 * Counts a request against what its sender may ask of this instance in a second.
 * @throws rate_limited
 */
export function assertRate({ id }: Identity, now = performance.now()): void {
  const most = getRuntime().config.limits.requests_per_second
  if (most === 0) return
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
