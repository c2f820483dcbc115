import type pg from 'pg'
import type { Actor } from '../access/actor.ts'
import { getRuntime } from '../runtime.ts'
import { databaseAway } from './availability.ts'
import { isUnreachable, translateDatabaseError } from './database-error.ts'

/**
 * Runs a read that may lag a little: a list, a search, figures. A request that names a revision it has
 * seen is answered by the primary, where that revision certainly is, and so is one whose replica is away.
 * @throws unavailable at once while the database is known to be away, and as soon as it is found to be
 */
export async function readReplica<T>(actor: Actor, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const { database } = getRuntime()
  if (database.availability.down) throw databaseAway()
  const pool = actor.request.revision === undefined ? database.replicaPool() : database.primary.pool
  try {
    return await database.availability.guard(() => askReplica(work, pool))
  } catch (error) {
    throw translateDatabaseError(error)
  }
}

async function askReplica<T>(work: (pool: pg.Pool) => Promise<T>, pool: pg.Pool): Promise<T> {
  const { database, log } = getRuntime()
  try {
    return await work(pool)
  } catch (error) {
    if (pool === database.primary.pool || !isUnreachable(error)) throw error
    log.warn({ err: error }, 'a replica does not answer; the primary is asked')
    return work(database.primary.pool)
  }
}
