import { getRuntime } from '../runtime.ts'
import { askPrimary } from './ask.ts'
import type { Connection } from './client.ts'

/**
 * Runs a read on the primary, or a statement that is a change by itself; the answer is never older than an
 * acknowledged write. What the database undid for another change (a deadlock) is done again.
 * @throws unavailable while the database is away; overloaded, storage_full, read_only or lock_timeout when it
 *   answers and refuses
 */
export async function readPrimary<T>(work: (primary: Connection) => Promise<T>): Promise<T> {
  return askPrimary(() => work(getRuntime().database.primary))
}
