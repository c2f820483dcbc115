/** Interval between two looks at the clock. */
const TICK_MS = 100

/** A tick this late means that this process itself was suspended. */
const HELD_MS = 400

/**
 * Waits for work for `ms` at most. Time in which this process itself was suspended (stopped, asleep, busy) does
 * not count, up to as much again: an answer may have arrived and wait to be read.
 * @returns undefined when the work was late or failed; `onError` gets the error
 */
export async function withTimeout<T>(
  work: Promise<T>,
  ms: number,
  onError: (error: unknown) => void = () => undefined,
): Promise<T | undefined> {
  let clock: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    let deadline = performance.now() + ms
    let grace = ms
    let last = performance.now()
    const look = () => {
      const now = performance.now()
      const held = now - last - TICK_MS
      last = now
      if (held > HELD_MS) {
        deadline += Math.min(held, grace)
        grace -= Math.min(held, grace)
      }
      // Answers that arrived meanwhile are read first.
      if (now >= deadline) setImmediate(() => resolve(undefined))
      else clock = setTimeout(look, Math.min(TICK_MS, deadline - now))
    }
    clock = setTimeout(look, Math.min(TICK_MS, ms))
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    onError(error)
    return undefined
  } finally {
    clearTimeout(clock)
    work.catch(() => undefined)
  }
}
