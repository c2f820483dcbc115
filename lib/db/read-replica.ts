import type pg from 'pg'
import type { Actor } from '../access/actor.ts'
import { getRuntime } from '../runtime.ts'
import { databaseAway } from './availability.ts'
import { translateDatabaseError } from './database-error.ts'

/**
 * Runs a read that may lag a little: a list, a search, figures. A request that names a revision it has
 * seen is answered by the primary, where that revision certainly is.
 * @throws unavailable at once while the database is known to be away, and as soon as it is found to be
 */
export async function readReplica<T>(actor: Actor, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const { database } = getRuntime()
  if (database.availability.down) throw databaseAway()
  const pool = actor.request.revision === undefined ? database.replicaPool() : database.primary.pool
  try {
    return await database.availability.guard(() => work(pool))
  } catch (error) {
    throw translateDatabaseError(error)
  }
}
