import type pg from 'pg'
import type { Actor } from '../access/actor.ts'
import { getRuntime } from '../runtime.ts'
import { askPrimary } from './ask.ts'
import { databaseAway } from './availability.ts'
import type { Connection } from './client.ts'
import { passes, sqlState } from './database-error.ts'
import type { Replica } from './replicas/replicas.ts'

/**
 * Runs statements on the primary: reads that are never older than an acknowledged write, and changes that need
 * no revision. It runs them again when the database undid them for another change (a deadlock).
 * @throws unavailable while the database is away; overloaded, storage_full, read_only or lock_timeout when it
 *   answers and refuses
 */
export async function onPrimary<T>(work: (primary: Connection) => Promise<T>): Promise<T> {
  return askPrimary(() => work(getRuntime().database.primary))
}

/**
 * Runs a read that may lag a little: a list, a search, figures. A request that names a revision it has
 * seen is answered by the primary, where that revision certainly is, and so is one whose replica is away.
 * @throws unavailable while the primary is away; overloaded and the like when it answers and refuses
 */
export async function readReplica<T>(actor: Actor, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const { availability, replicas, primary } = getRuntime().database
  if (availability.down) throw databaseAway()
  const replica = actor.request.revision === undefined ? replicas.next() : undefined
  if (replica !== undefined) {
    try {
      return await replica.availability.guard(() => work(replica.pool))
    } catch (error) {
      if (!mayPrimaryAnswer(replica, error)) throw error
    }
  }
  return askPrimary(() => work(primary.pool))
}

const TOO_LONG = '57014'
/** What a replica replays may be at odds with what is being read there. */
const CONFLICT_WITH_RECOVERY = '40001'

function mayPrimaryAnswer(replica: Replica, error: unknown): boolean {
  if (replica.availability.down) return true
  const state = sqlState(error)
  if (state === CONFLICT_WITH_RECOVERY) return true
  if (state === TOO_LONG || !passes(error)) return false
  getRuntime().database.replicas.failed(replica, error)
  return true
}
