/**
 * A browser opens six connections to one server, and all its tabs share them. So many streams may be open in
 * a tab that one is left for the feed of changes, and one for what somebody presses.
 */
export const MOST_STREAMS = 4

const taken = new Set<symbol>()
const waiting: (() => void)[] = []

/** Takes a place for a stream; undefined while there is none. */
export function takeSlot(): (() => void) | undefined {
  if (taken.size >= MOST_STREAMS) return undefined
  const slot = Symbol('stream')
  taken.add(slot)
  return () => {
    if (taken.delete(slot)) waiting.shift()?.()
  }
}

/**
 * Calls once when a place may have become free.
 * @returns waits no longer
 */
export function awaitSlot(onFree: () => void): () => void {
  waiting.push(onFree)
  return () => {
    const at = waiting.indexOf(onFree)
    if (at >= 0) waiting.splice(at, 1)
  }
}
