import { setImmediate as nextTurn } from 'node:timers/promises'

/** Does something for a key at once, and then at most once in a time, however often it is called. */
export interface Paced {
  /** The last call is never lost: what it asks for begins after it. */
  readonly call: (key: string) => void
  /** Does at once what still waits, and no more of what is called later. */
  readonly end: () => void
}

/** @param act must not throw */
export function paced(act: (key: string) => void, everyMs: number): Paced {
  /** Keys that were acted for a moment ago, and whether they were called again since. */
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

/** Long enough to get on, short enough that nobody notices the pause. */
const SLICE_MS = 10

/**
 * Divides long work on the main thread into slices: the function that it returns is awaited between two
 * pieces of the work, and lets everything else run once a slice is used up.
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
