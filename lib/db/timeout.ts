/** How often the clock is looked at. */
const TICK_MS = 100

/** A tick that comes so much late says that this process itself was held up, not whom it waits for. */
const HELD_MS = 400

/**
 * Waits for work as long as `ms`. The time that this process was held up itself (stopped, asleep, busy
 * with something else) does not count, up to as much again: an answer may lie there, unread.
 * @returns undefined when the work did not come in time or failed; `onError` is told why it failed
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
      // What arrived meanwhile gets its turn first.
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
