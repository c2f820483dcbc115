import { appError } from '../errors.ts'

const RETRY_AFTER_SECONDS = 2

/**
 * Whether the database answers. The change feed's poll reports here and all other code asks here, so that a
 * frozen database costs each request at most the time that the poll needs to notice, and nothing after that.
 * Work may try before the first poll; `up` waits for the first answer.
 */
export class Availability {
  readonly #now: () => number
  readonly #waiting = new Set<(error: Error) => void>()
  readonly #lossListeners = new Set<() => void>()
  readonly #recoveryListeners = new Set<() => void>()
  #down = false
  #hasPolled = false
  #hasAnswered = false
  #lastPollAnswer: number
  #lastHeard = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
    this.#lastPollAnswer = now()
  }

  get down(): boolean {
    return this.#down
  }

  /** Whether it answers now, and has ever answered: the state in health and metrics. */
  get up(): boolean {
    return this.#hasAnswered && !this.#down
  }

  /** Seconds since the database was last known to answer; 0 while it does. */
  staleFor(): number {
    return this.#down ? Math.max(1, Math.round((this.#now() - this.#lastPollAnswer) / 1000)) : 0
  }

  /** Notes whether the poll was answered. */
  report(answered: boolean): void {
    const hasRecovered = answered && this.#down
    const isLost = !answered && !this.#down
    this.#down = !answered
    this.#hasPolled = true
    if (answered) {
      this.#lastPollAnswer = this.#now()
      this.heard()
    } else for (const reject of this.#waiting) reject(databaseAway())
    if (isLost) for (const listener of this.#lossListeners) listener()
    if (hasRecovered) for (const listener of this.#recoveryListeners) listener()
  }

  /** Notes that the database has just answered something else than the poll. */
  heard(): void {
    this.#hasAnswered = true
    this.#lastHeard = performance.now()
  }

  /** Whether it answered anything since a moment of performance.now(). */
  heardSince(moment: number): boolean {
    return this.#lastHeard >= moment
  }

  /** Whether the poll watches it, and it has answered nothing since a moment of performance.now(). */
  silentSince(moment: number): boolean {
    return this.#hasPolled && this.#lastHeard < moment
  }

  /** The result of `work`, or `unavailable` as soon as the database is known to be away. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    let giveUp: (error: Error) => void = () => undefined
    const away = new Promise<never>((_, reject) => {
      giveUp = reject
    })
    // Once the work has won the race, no code handles this rejection.
    away.catch(() => undefined)
    this.#waiting.add(giveUp)
    try {
      return await Promise.race([work(), away])
    } finally {
      this.#waiting.delete(giveUp)
    }
  }

  onLoss(listener: () => void): void {
    this.#lossListeners.add(listener)
  }

  onRecovery(listener: () => void): void {
    this.#recoveryListeners.add(listener)
  }
}

/** The error for work that needs a database which is away. */
export function databaseAway(cause?: unknown): Error {
  return appError('unavailable', 'The database does not answer. Nothing was lost; try again shortly.', {
    retryAfter: RETRY_AFTER_SECONDS,
    cause,
  })
}
