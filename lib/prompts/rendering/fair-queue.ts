/** How many may wait. */
export interface QueueLimits {
  all: number
  perCaller: number
}

/**
 * Waiting work of many callers, who take turns: somebody who sends much waits for their own work and not
 * the others for them. Where the queue is full, whoever has the most in it makes room.
 */
export class FairQueue<T> {
  readonly #limits: QueueLimits
  /** By caller, the next to be served first. */
  readonly #waiting = new Map<string, T[]>()
  #size = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** Adds work; answers what is refused for it: the work itself, or what makes room for it. */
  add(caller: string, work: T): { work: T; limit: keyof QueueLimits } | undefined {
    const own = this.#waiting.get(caller) ?? []
    if (own.length >= this.#limits.perCaller) return { work, limit: 'perCaller' }
    let refused: T | undefined
    if (this.#size >= this.#limits.all) {
      refused = this.#makeRoom(own.length)
      if (refused === undefined) return { work, limit: 'all' }
    }
    own.push(work)
    this.#waiting.set(caller, own)
    this.#size++
    return refused === undefined ? undefined : { work: refused, limit: 'all' }
  }

  /** Takes the newest work of whoever has the most, when that is more than this caller would have. */
  #makeRoom(has: number): T | undefined {
    let most: T[] = []
    for (const works of this.#waiting.values()) if (works.length > most.length) most = works
    if (most.length <= has + 1) return undefined
    this.#size--
    return most.pop()
  }

  /** Takes the oldest work of the caller whose turn it is. */
  take(): T | undefined {
    for (const [caller, works] of this.#waiting) {
      const work = works.shift()
      // To the end of the line, behind all who wait.
      this.#waiting.delete(caller)
      if (works.length > 0) this.#waiting.set(caller, works)
      this.#size--
      return work
    }
    return undefined
  }
}
