import { getRuntime } from '../runtime.ts'
import type { Target } from './streaming/read-progress.ts'

interface UnderWay<T> {
  configurationId: string
  result: Promise<T>
}

/**
 * Calls for a generation while no other call for it is under way in this process. Whoever orders the same once
 * more, because the answer to the first order was lost, waits for that call and gets what came of it.
 */
export async function oneAtATime<T>(
  { workspaceId, id }: Target,
  configurationId: string,
  work: () => Promise<T>,
): Promise<T> {
  const calls = getRuntime().once('generations.under-way', () => new Map<string, UnderWay<T>>())
  const key = `${workspaceId} ${id}`
  for (let other = calls.get(key); other !== undefined; other = calls.get(key)) {
    if (other.configurationId === configurationId) return other.result
    // The run has gone on to the next configuration, though that call has not ended here.
    await other.result.catch(() => undefined)
  }
  const result = work()
  calls.set(key, { configurationId, result })
  try {
    return await result
  } finally {
    calls.delete(key)
  }
}
