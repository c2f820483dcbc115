import { LRUCache } from 'lru-cache'
import type { LoadedConfig } from '../config/load.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { countLimited } from './access-metrics.ts'
import { knownAccessState } from './state.ts'

/** How much one sender may have in how many seconds. It comes back evenly over that time. */
interface Policy {
  readonly seconds: number
  /** The key of the configuration, for the error. */
  readonly setting: string
  /** 0: any number. */
  readonly most: (limits: LoadedConfig['limits']) => number
  /** The error's sentence. */
  readonly told: (most: number) => string
}

const POLICIES = {
  caller: {
    seconds: 1,
    setting: 'limits.requests_per_second',
    most: ({ requests_per_second: most }) => most ?? unlessLocal(1000),
    told: (most) => `More than ${most} requests came in a second. Send fewer at once.`,
  },
  unknown: {
    seconds: 1,
    setting: 'limits.unknown_per_second',
    most: ({ unknown_per_second: most }) => most ?? unlessLocal(20),
    told: (most) => `More than ${most} requests of nobody known came from this address in a second.`,
  },
  wrong_credentials: {
    seconds: 900,
    setting: 'limits.wrong_credentials',
    most: ({ wrong_credentials: most }) => most,
    told: (most) => `More than ${most} wrong keys or tokens came from this address in 15 minutes.`,
  },
  registrations: {
    seconds: 3600,
    setting: 'limits.registrations_per_hour',
    most: ({ registrations_per_hour: most }) => most,
    told: (most) => `More than ${most} clients were registered from this address in an hour.`,
  },
} as const satisfies Record<string, Policy>

export type LimitName = keyof typeof POLICIES

/** A person alone at a machine is limited by nothing that was not asked for. */
function unlessLocal(most: number): number {
  return knownAccessState() === 'local' ? 0 : most
}

/** What a sender has left, and the time of its last count. */
interface Bucket {
  left: number
  at: number
}

/** Most senders that are remembered for each limit; a forgotten one starts anew. */
const SENDERS_MAX = 10_000

/**
 * What one sender has left of a limit, at this instance.
 * @param sender an actor's id, or what `senderOf` makes of an address
 */
export function limitFor(name: LimitName, sender: string) {
  return {
    /** Takes one. @throws rate_limited, with the time until there is one again */
    take() {
      const { seconds, setting, most: mostOf, told }: Policy = POLICIES[name]
      const most = mostOf(getRuntime().config.limits)
      if (most === 0) return
      const perSecond = most / seconds
      const bucket = refilled(name, sender, { most, perSecond })
      if (bucket.left < 1) {
        countLimited(name)
        throw appError('rate_limited', told(most), {
          retryAfter: Math.ceil((1 - bucket.left) / perSecond),
          extra: { limit: setting, rate: { policy: name, requests: most, seconds } },
        })
      }
      bucket.left -= 1
    },
  }
}

function refilled(name: LimitName, sender: string, rate: { most: number; perSecond: number }): Bucket {
  const now = performance.now()
  const buckets = getRuntime().once(
    `access.limit.${name}`,
    () => new LRUCache<string, Bucket>({ max: SENDERS_MAX }),
  )
  const bucket = buckets.get(sender) ?? { left: rate.most, at: now }
  bucket.left = Math.min(rate.most, bucket.left + ((now - bucket.at) / 1000) * rate.perSecond)
  bucket.at = now
  buckets.set(sender, bucket)
  return bucket
}
