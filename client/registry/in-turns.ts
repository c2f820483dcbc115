/**
 * Works on many items, a few at a time, and keeps their order.
 * @throws what the first one throws; no other begins after it
 */
export async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>()
  let next = 0
  let hasFailed = false
  const lane = async () => {
    while (next < items.length && !hasFailed) {
      const index = next++
      try {
        results.set(index, await work(items[index] as T))
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  return items.map((_, index) => results.get(index) as R)
}
