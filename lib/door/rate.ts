import { LRUCache } from 'lru-cache'
import type { Identity } from '../access/actor.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'

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
