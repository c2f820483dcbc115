import { setTimeout as delay } from 'node:timers/promises'
import { isAppError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { databaseAway } from './availability.ts'
import { sqlState, translateDatabaseError } from './database-error.ts'

/**
 * Runs work that needs the primary, and tells truly why it could not be done. What the database undid for
 * another change (a deadlock) is done again from its beginning.
 * @throws unavailable at once while the database is known to be away, and as soon as it is found to be;
 *   overloaded, storage_full, read_only or lock_timeout when it answers and refuses
 */
export async function askPrimary<T>(work: () => Promise<T>): Promise<T> {
  const { availability } = getRuntime().database
  if (availability.down) throw databaseAway()
  const asked = performance.now()
  try {
    const result = await availability.guard(() => againIfUndone(work))
    availability.heard()
    return result
  } catch (error) {
    throw told(error, asked)
  }
}

function told(thrown: unknown, asked: number): unknown {
  const { availability, troubles } = getRuntime().database
  const error = translateDatabaseError(thrown)
  // What a pooler says of its own (class 08) is no answer of the database.
  const isAnswer = /^(?!08)/.test(sqlState(thrown) ?? '08')
  if (isAnswer) availability.heard()
  if (!isAppError(error)) return error
  // The pool was used up by statements that nobody answers: that is an outage which the poll has yet to notice.
  if (error.code === 'overloaded' && !isAnswer && availability.silentSince(asked)) return databaseAway(thrown)
  // What another operation told within this one was noted there.
  if (error !== thrown) troubles.note(error.code)
  return error
}

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
