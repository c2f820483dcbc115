import { LRUCache } from 'lru-cache'
import type { Refused } from './deliver.ts'
import type { Target, Unsent } from './message.ts'
import type { Postponed } from './stored-messages.ts'

/** Of `limits`. */
interface RetryLimits {
  outbox_retry_ms: number
  outbox_retry_max_ms: number
}

/** Messages whose refusal is remembered. */
const REMEMBERED = 10_000

/**
 * What this process knows of a target. A target that takes nothing and a message that is at fault look alike from
 * one refusal: a refusal counts against a message once the target has taken others since its refusal before.
 */
export class TargetState {
  readonly name: string
  readonly target: Target
  /** How many it has taken. */
  taken = 0
  /** The pause that it was given last; 0: it takes what is sent. */
  pauseMs = 0
  readonly #limits: RetryLimits
  #restsUntil = 0
  /** How many had been taken when a message was refused. */
  readonly #refusedAt = new LRUCache<string, number>({ max: REMEMBERED })

  constructor(name: string, target: Target, limits: RetryLimits) {
    this.name = name
    this.target = target
    this.#limits = limits
  }

  /** Whether its pause is not over yet. */
  get isResting(): boolean {
    return performance.now() < this.#restsUntil
  }

  took(messages: readonly Unsent[]): void {
    this.taken += messages.length
    this.pauseMs = 0
    this.#restsUntil = 0
    for (const message of messages) this.#refusedAt.delete(keyOf(message))
  }

  /**
   * Judges what was refused.
   * @param takenBefore what had been taken when the batch was sent: when it is no more now, the target rests
   */
  judge(refused: readonly Refused[], takenBefore: number): Postponed[] {
    if (this.taken === takenBefore) this.#rest()
    return refused.map(({ message, wasTried }) => {
      const key = keyOf(message)
      const isAtFault = wasTried && this.taken > (this.#refusedAt.get(key) ?? takenBefore)
      if (wasTried) this.#refusedAt.set(key, this.taken)
      const tries = message.tries + (isAtFault ? 1 : 0)
      if (isAtFault) return { message, tries, ms: this.#pause(tries) }
      // After a pause those are tried first that were spared.
      return { message, tries, ms: wasTried ? 2 * this.pauseMs : this.pauseMs }
    })
  }

  #rest(): void {
    const { outbox_retry_ms, outbox_retry_max_ms } = this.#limits
    this.pauseMs = Math.min(Math.max(outbox_retry_ms, 2 * this.pauseMs), outbox_retry_max_ms)
    this.#restsUntil = performance.now() + this.pauseMs
  }

  #pause(tries: number): number {
    const { outbox_retry_ms, outbox_retry_max_ms } = this.#limits
    return Math.min(outbox_retry_ms * 2 ** (tries - 1), outbox_retry_max_ms)
  }
}

function keyOf({ workspaceId, id }: Unsent): string {
  return `${workspaceId} ${id}`
}
