import { getRuntime } from '../../runtime.ts'
import type { Target } from '../streaming/read-progress.ts'

interface UnderWay<T> {
  order: string
  result: Promise<T>
}

/**
 * Coalesces calls for a generation in this process. The same order given again, because the answer to the first was
 * lost, waits for that call and shares its result.
 * @param order names one run and one configuration; a different order waits, and is then carried out itself
 */
export async function oneAtATime<T>(
  { workspaceId, id }: Target,
  order: string,
  work: () => Promise<T>,
): Promise<T> {
  const calls = getRuntime().once('generations.under-way', () => new Map<string, UnderWay<T>>())
  const key = `${workspaceId} ${id}`
  for (let other = calls.get(key); other !== undefined; other = calls.get(key)) {
    if (other.order === order) return other.result
    // It belongs to another run, or to a configuration that the run has given up: its result is not for this order.
    await other.result.catch(() => undefined)
  }
  const result = work()
  calls.set(key, { order, result })
  try {
    return await result
  } finally {
    calls.delete(key)
  }
}
