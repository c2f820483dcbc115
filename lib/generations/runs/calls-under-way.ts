import { getRuntime } from '../../runtime.ts'
import type { Target } from '../streaming/read-progress.ts'

interface UnderWay<T> {
  order: string
  result: Promise<T>
}

/**
 * Calls for a generation while no other call for it is under way in this process. Whoever orders the same once
 * more, because the answer to the first order was lost, waits for that call and gets what came of it.
 * @param order what one run orders of one configuration; other orders wait, and are then done themselves
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
    // Another run's, or that of a configuration that the run has given up: what comes of it is not for this one.
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
