import type { LoadedConfig } from '../../config/load.ts'
import { FairCache } from '../../fair-cache.ts'
import { getRuntime } from '../../runtime.ts'
import { providerFailure } from '../providers/failure.ts'
import type { FailureKind } from '../providers/provider.ts'

export type BreakerState = 'closed' | 'open' | 'half_open'

/** What a call that was let through reports. */
export interface Passage {
  /** The provider has begun to answer: enough for a call that went to see. */
  begun(): void
  /** @param outcome `left`: it ended without a verdict on the provider, such as by the caller */
  ended(outcome: 'succeeded' | 'left' | FailureKind): void
}

export interface Breakers {
  /** @throws ProviderFailure breaker_open with the seconds to wait */
  enter(workspaceId: string, target: string): Passage
  /** State of each provider and address that has failed lately. */
  states(): Iterable<[target: string, state: BreakerState]>
}

interface Breaker {
  readonly target: string
  failures: number
  openUntil: number
  isProbing: boolean
}

/**
 * Failures of the provider itself. A rate limit is not among them: it belongs to one key, says itself when
 * it ends, and would shut out everybody else.
 */
const COUNTED: ReadonlySet<string> = new Set<FailureKind>([
  'overloaded',
  'server_error',
  'timeout',
  'unreachable',
  'bad_answer',
])
/** A provider that answers so is well. */
const ANSWERED: ReadonlySet<string> = new Set(['succeeded', 'unauthorized', 'refused_request'])
/** Addresses remembered at most, of all workspaces together. */
const MOST_TARGETS = 1_000

export function breakers(): Breakers {
  return getRuntime().once('ai.breakers', ({ config }) => createBreakers(config.ai))
}

/**
 * A circuit breaker for each provider at each address: after `breaker_failures` failures in a row calls
 * are refused for `breaker_open_ms`; then one call goes to see, and the others go on when it is answered. Each
 * workspace has its own: failures that one brings about shut out nobody else.
 */
export function createBreakers(
  limits: Pick<LoadedConfig['ai'], 'breaker_failures' | 'breaker_open_ms'>,
  now: () => number = () => performance.now(),
): Breakers {
  // Only what has failed is kept, so that addresses that work cost nothing.
  const failing = new FairCache<Breaker>({ maxEntries: MOST_TARGETS })

  function stateOf({ failures, openUntil }: Breaker): BreakerState {
    if (failures < limits.breaker_failures) return 'closed'
    return now() < openUntil ? 'open' : 'half_open'
  }

  function refuseWhileOpen(breaker: Breaker): void {
    const state = stateOf(breaker)
    if (state === 'closed' || (state === 'half_open' && !breaker.isProbing)) return
    const wait = Math.max(1, Math.ceil((breaker.openUntil - now()) / 1000))
    throw providerFailure(
      'breaker_open',
      'The provider has failed several times in a row and is left alone.',
      {
        retryAfter: wait,
      },
    )
  }

  function fail(workspaceId: string, target: string): void {
    const breaker = failing.get(workspaceId, target) ?? {
      target,
      failures: 0,
      openUntil: 0,
      isProbing: false,
    }
    breaker.failures += 1
    if (breaker.failures >= limits.breaker_failures) breaker.openUntil = now() + limits.breaker_open_ms
    failing.set(workspaceId, target, breaker)
  }

  return {
    enter(workspaceId, target) {
      const breaker = failing.get(workspaceId, target)
      if (breaker !== undefined) refuseWhileOpen(breaker)
      let isProbe = breaker !== undefined && stateOf(breaker) === 'half_open'
      if (breaker !== undefined) breaker.isProbing = isProbe
      const endProbe = () => {
        if (isProbe && breaker !== undefined) breaker.isProbing = false
        isProbe = false
      }
      return {
        begun() {
          if (isProbe) failing.delete(workspaceId, target)
          endProbe()
        },
        ended(outcome) {
          endProbe()
          if (COUNTED.has(outcome)) fail(workspaceId, target)
          else if (ANSWERED.has(outcome)) failing.delete(workspaceId, target)
        },
      }
    },
    states: () => Array.from(failing.values(), (breaker) => [breaker.target, stateOf(breaker)]),
  }
}
