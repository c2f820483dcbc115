import type { LoadedConfig } from '../../config/load.ts'
import { FairCache } from '../../fair-cache.ts'
import { getRuntime } from '../../runtime.ts'
import { providerFailure } from '../providers/failure.ts'
import type { FailureKind } from '../providers/provider.ts'

export type BreakerState = 'closed' | 'open' | 'half_open'

/** What a call that was let through reports. */
export interface Passage {
  /** The provider has begun to answer: that is enough for a probe. */
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
/** These outcomes show that the provider works. */
const ANSWERED: ReadonlySet<string> = new Set(['succeeded', 'unauthorized', 'refused_request'])
/** Addresses remembered at most, of all workspaces together. */
const MOST_TARGETS = 1_000

export function breakers(): Breakers {
  return getRuntime().once('ai.breakers', ({ config }) => createBreakers(config.ai))
}

type Limits = Pick<LoadedConfig['ai'], 'breaker_failures' | 'breaker_open_ms'>

/**
 * A circuit breaker for each provider at each address: after `breaker_failures` failures in a row it refuses calls
 * for `breaker_open_ms`; then one call probes the provider, and the others go on when the probe is answered. Each
 * workspace has its own: failures in one workspace shut out nobody else.
 */
export function createBreakers(limits: Limits, now: () => number = () => performance.now()): Breakers {
  return new TargetBreakers(limits, now)
}

class TargetBreakers implements Breakers {
  readonly #limits: Limits
  readonly #now: () => number
  /** Only targets that have failed are kept, so that addresses that work cost nothing. */
  readonly #failing = new FairCache<Breaker>({ maxEntries: MOST_TARGETS })

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  enter(workspaceId: string, target: string): Passage {
    const breaker = this.#failing.get(workspaceId, target)
    if (breaker !== undefined) this.#refuseWhileOpen(breaker)
    let isProbe = breaker !== undefined && this.#stateOf(breaker) === 'half_open'
    if (breaker !== undefined) breaker.isProbing = isProbe
    const endProbe = () => {
      if (isProbe && breaker !== undefined) breaker.isProbing = false
      isProbe = false
    }
    return {
      begun: () => {
        if (isProbe) this.#failing.delete(workspaceId, target)
        endProbe()
      },
      ended: (outcome) => {
        endProbe()
        if (COUNTED.has(outcome)) this.#countFailure(workspaceId, target)
        else if (ANSWERED.has(outcome)) this.#failing.delete(workspaceId, target)
      },
    }
  }

  states(): Iterable<[target: string, state: BreakerState]> {
    return Array.from(this.#failing.values(), (breaker) => [breaker.target, this.#stateOf(breaker)])
  }

  #stateOf({ failures, openUntil }: Breaker): BreakerState {
    if (failures < this.#limits.breaker_failures) return 'closed'
    return this.#now() < openUntil ? 'open' : 'half_open'
  }

  #refuseWhileOpen(breaker: Breaker): void {
    const state = this.#stateOf(breaker)
    if (state === 'closed' || (state === 'half_open' && !breaker.isProbing)) return
    const retryAfter = Math.max(1, Math.ceil((breaker.openUntil - this.#now()) / 1000))
    const message = 'The provider has failed several times in a row and is left alone.'
    throw providerFailure('breaker_open', message, { retryAfter })
  }

  #countFailure(workspaceId: string, target: string): void {
    const known = this.#failing.get(workspaceId, target)
    const breaker = known ?? { target, failures: 0, openUntil: 0, isProbing: false }
    breaker.failures += 1
    if (breaker.failures >= this.#limits.breaker_failures)
      breaker.openUntil = this.#now() + this.#limits.breaker_open_ms
    this.#failing.set(workspaceId, target, breaker)
  }
}
