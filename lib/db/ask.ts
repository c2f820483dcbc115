import { setTimeout as delay } from 'node:timers/promises'
import { isAppError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { databaseAway } from './availability.ts'
import { sqlState, translateDatabaseError } from './database-error.ts'

/**
 * Runs work that needs the primary, and translates the reason when it fails. Work that the database rolled back
 * for another change (a deadlock) is retried from its beginning.
 * @throws unavailable at once while the database is known to be away, and as soon as it is found to be;
 *   overloaded, storage_full, read_only or lock_timeout when it answers and refuses
 */
export async function askPrimary<T>(work: () => Promise<T>): Promise<T> {
  const { availability } = getRuntime().database
  if (availability.down) throw databaseAway()
  const asked = performance.now()
  try {
    const result = await availability.guard(() => retryIfUndone(work))
    availability.heard()
    return result
  } catch (error) {
    throw told(error, asked)
  }
}

function told(thrown: unknown, asked: number): unknown {
  const { availability, troubles } = getRuntime().database
  const error = translateDatabaseError(thrown)
  // An error of a pooler itself (class 08) is no answer of the database.
  const isAnswer = /^(?!08)/.test(sqlState(thrown) ?? '08')
  if (isAnswer) availability.heard()
  if (!isAppError(error)) return error
  // Unanswered statements have used the pool up: that is an outage which the poll has yet to notice.
  if (error.code === 'overloaded' && !isAnswer && availability.silentSince(asked)) return databaseAway(thrown)
  // An error that an inner operation translated was noted there.
  if (error !== thrown) troubles.note(error.code)
  return error
}

/** Deadlock and serialization failure: the database rolled the whole transaction back. */
const UNDONE: ReadonlySet<string> = new Set(['40P01', '40001'])
const TRIES = 4
const PAUSE_MS = 25

/**
 * Retries a transaction, or a statement that is one by itself, when the database rolled it back for a concurrent
 * one: nothing of it was kept, and a moment later it succeeds.
 * @param work starts from the beginning each time
 */
async function retryIfUndone<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (tried === TRIES || !UNDONE.has(sqlState(error) ?? '')) throw error
    }
    // The random pause separates transactions that collided.
    await delay(tried * PAUSE_MS * Math.random())
  }
}
