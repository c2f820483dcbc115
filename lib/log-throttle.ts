const REPEAT_MS = 3_600_000

/** Decides which failures are logged: the first of each name, and then one an hour while it goes on. */
export class LogThrottle {
  readonly #loggedAt = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Notes a failure. @returns whether to log it now */
  failed(name = ''): boolean {
    const before = this.#loggedAt.get(name)
    if (before !== undefined && this.#now() - before < REPEAT_MS) return false
    this.#loggedAt.set(name, this.#now())
    return true
  }

  /** Notes a success. @returns whether its failure was logged before */
  succeeded(name = ''): boolean {
    return this.#loggedAt.delete(name)
  }
}

/** Exponential backoff for reminders: the first is due at once, and each wait is twice as long up to the longest. */
export class Backoff {
  readonly #longestMs: number
  readonly #now: () => number
  #due = Number.NEGATIVE_INFINITY
  #waitMs: number

  constructor(firstMs: number, longestMs: number, now: () => number = () => performance.now()) {
    this.#waitMs = firstMs
    this.#longestMs = longestMs
    this.#now = now
  }

  isDue(): boolean {
    if (this.#now() < this.#due) return false
    this.#due = this.#now() + this.#waitMs
    this.#waitMs = Math.min(2 * this.#waitMs, this.#longestMs)
    return true
  }
}
