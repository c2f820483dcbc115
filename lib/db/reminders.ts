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
