import { setImmediate as nextTurn } from 'node:timers/promises'

/** Acts for a key at once, and then at most once in an interval, however often it is called. */
export interface Throttle {
  /** The last call is never lost: an action begins after it. */
  readonly call: (key: string) => void
  /** Acts at once for the keys that still wait, and ignores later calls. */
  readonly end: () => void
}

/**
 * Throttles an action for each key by itself, with a trailing call.
 * @param act must not throw
 */
export function throttle(act: (key: string) => void, everyMs: number): Throttle {
  /** Keys within their interval, and whether they were called again in it. */
  const resting = new Map<string, { timer: NodeJS.Timeout; isWanted: boolean }>()
  let hasEnded = false

  function begin(key: string): void {
    const timer = setTimeout(() => {
      const isWanted = resting.get(key)?.isWanted === true
      resting.delete(key)
      if (isWanted) begin(key)
    }, everyMs)
    timer.unref()
    resting.set(key, { timer, isWanted: false })
    act(key)
  }

  return {
    call(key) {
      const rest = resting.get(key)
      if (rest !== undefined) rest.isWanted = true
      else if (!hasEnded) begin(key)
    },
    end() {
      hasEnded = true
      for (const [key, { timer, isWanted }] of resting) {
        clearTimeout(timer)
        if (isWanted) act(key)
      }
      resting.clear()
    },
  }
}

/** Long enough for progress, short enough that other requests do not notice it. */
const SLICE_MS = 10

/**
 * Divides long work on the main thread into slices. The work awaits the returned function between two of its
 * pieces; it yields to the event loop once a slice is used up.
 * @param sliceMs milliseconds
 */
export function inSlices(sliceMs = SLICE_MS): () => Promise<void> {
  let startedAt = performance.now()
  return async () => {
    if (performance.now() - startedAt < sliceMs) return
    await nextTurn()
    startedAt = performance.now()
  }
}
