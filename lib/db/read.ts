import { getRuntime } from '../runtime.ts'
import { askPrimary } from './ask.ts'
import type { Connection } from './client.ts'

/**
 * Runs statements on the primary: reads that are never older than an acknowledged write, and changes that need
 * no revision. It runs them again when the database undid them for another change (a deadlock).
 * @throws unavailable while the database is away; overloaded, storage_full, read_only or lock_timeout when it
 *   answers and refuses
 */
export async function onPrimary<T>(work: (primary: Connection) => Promise<T>): Promise<T> {
  return askPrimary(() => work(getRuntime().database.primary))
}
