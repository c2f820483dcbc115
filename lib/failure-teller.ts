
/** Decides when something that fails again and again is told of: at once, and from time to time while it goes on. */
export interface FailureTeller {
  /** Notes a failure. @returns whether it is to be told now */
  failed(what?: string): boolean
  /** Notes that it works. @returns whether its failure was told before */
  works(what?: string): boolean
}

const TELL_AGAIN_MS = 3_600_000

/** Of things that fail apart, each is told by itself: `what` is its name. */
export function createFailureTeller(clock: () => number = () => performance.now()): FailureTeller {
  const toldAt = new Map<string, number>()
  return {
    failed(what = '') {
      const before = toldAt.get(what)
      if (before !== undefined && clock() - before < TELL_AGAIN_MS) return false
      toldAt.set(what, clock())
      return true
    },
    works: (what = '') => toldAt.delete(what),
  }
}

/**
 * When something that goes on is told again: at once, then after waits that double up to the longest.
 * @param firstMs the first wait, in milliseconds
 */
export function growingIntervals(
  firstMs: number,
  longestMs: number,
  now: () => number = () => performance.now(),
): { isDue(): boolean } {
  let due = Number.NEGATIVE_INFINITY
  let wait = firstMs
  return {
    isDue() {
      if (now() < due) return false
      due = now() + wait
      wait = Math.min(2 * wait, longestMs)
      return true
    },
  }
}
