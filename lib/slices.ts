import { setImmediate as nextTurn } from 'node:timers/promises'

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
