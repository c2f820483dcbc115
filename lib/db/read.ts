import { getRuntime } from '../runtime.ts'
import { databaseAway } from './availability.ts'
import type { Connection } from './client.ts'
import { translateDatabaseError } from './database-error.ts'

/**
 * Runs a read on the primary, or a statement that is a change by itself; the answer is never older than an
 * acknowledged write.
 * @throws unavailable at once while the database is known to be away, and as soon as it is found to be
 */
export async function readPrimary<T>(work: (primary: Connection) => Promise<T>): Promise<T> {
  const { availability, primary } = getRuntime().database
  if (availability.down) throw databaseAway()
  try {
    const result = await availability.guard(() => work(primary))
    availability.heard()
    return result
  } catch (error) {
    throw translateDatabaseError(error)
  }
}
