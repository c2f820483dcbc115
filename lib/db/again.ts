import { setTimeout as delay } from 'node:timers/promises'
import { sqlState } from './database-error.ts'

/** Deadlock, and a transaction that cannot be put in order with another: the database undid all of it. */
const UNDONE: ReadonlySet<string> = new Set(['40P01', '40001'])
const TRIES = 4
const PAUSE_MS = 25

/**
 * Runs a transaction, or a statement that is one by itself, again when the database undid it for another one
 * that came at the same moment: nothing of it was kept, and a moment later it goes through.
 * @param work begins from the beginning each time
 */
export async function againIfUndone<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (tried === TRIES || !UNDONE.has(sqlState(error) ?? '')) throw error
    }
    // Those that met do not meet again.
    await delay(tried * PAUSE_MS * Math.random())
  }
}
