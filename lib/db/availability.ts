import { appError } from '../errors.ts'

/**
 * Whether the database answers. The change feed's poll reports here; everybody else asks, so that a
 * frozen database costs each request at most the time the poll needs to notice, and nothing after that.
 */
export interface Availability {
  readonly down: boolean
  /** Whether it answers now, and has ever answered: what health and metrics tell. */
  readonly up: boolean
  /** Seconds since the database was last known to answer; 0 while it does. */
  staleFor(): number
  report(answered: boolean): void
  /** Says that the database has just answered something else than the poll. */
  heard(): void
  /** Whether it did since a moment of performance.now(). */
  heardSince(moment: number): boolean
  /** Whether it is watched by the poll, and has answered nobody since a moment of performance.now(). */
  silentSince(moment: number): boolean
  /** The result of `work`, or `unavailable` as soon as the database is known to be away. */
  guard<T>(work: () => Promise<T>): Promise<T>
  onLoss(listener: () => void): void
  onRecovery(listener: () => void): void
}

const RETRY_AFTER_SECONDS = 2

/** Work may try at once, before the first poll; `up` waits for the first answer. */
export function createAvailability(now: () => number = Date.now): Availability {
  let down = false
  let polled = false
  let reached = false
  let lastAnswer = now()
  let lastHeard = 0
  const waiting = new Set<(error: Error) => void>()
  const lossListeners = new Set<() => void>()
  const recoveryListeners = new Set<() => void>()
  return {
    get down() {
      return down
    },
    get up() {
      return reached && !down
    },
    staleFor: () => (down ? Math.max(1, Math.round((now() - lastAnswer) / 1000)) : 0),
    report(answered) {
      const recovered = answered && down
      const lost = !answered && !down
      down = !answered
      polled = true
      if (answered) {
        lastAnswer = now()
        this.heard()
      } else for (const reject of waiting) reject(databaseAway())
      if (lost) for (const listener of lossListeners) listener()
      if (recovered) for (const listener of recoveryListeners) listener()
    },
    heard() {
      reached = true
      lastHeard = performance.now()
    },
    heardSince: (moment) => lastHeard >= moment,
    silentSince: (moment) => polled && lastHeard < moment,
    async guard(work) {
      let giveUp: (error: Error) => void = () => undefined
      const away = new Promise<never>((_, reject) => {
        giveUp = reject
      })
      // Nobody may be left to hear this rejection once the work has won the race.
      away.catch(() => undefined)
      waiting.add(giveUp)
      try {
        return await Promise.race([work(), away])
      } finally {
        waiting.delete(giveUp)
      }
    },
    onLoss: (listener) => void lossListeners.add(listener),
    onRecovery: (listener) => void recoveryListeners.add(listener),
  }
}

/** The error for work that needs a database which is away. */
export function databaseAway(cause?: unknown): Error {
  return appError('unavailable', 'The database does not answer. Nothing was lost; try again shortly.', {
    retryAfter: RETRY_AFTER_SECONDS,
    cause,
  })
}
