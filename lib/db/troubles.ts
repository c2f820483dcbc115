import type pg from 'pg'
import { type ErrorCode, isAppError } from '../errors.ts'
import { translateDatabaseError } from './database-error.ts'

/** What a database that answers may refuse for a while. */
const TROUBLES = ['storage_full', 'read_only', 'overloaded', 'lock_timeout'] as const
export type Trouble = (typeof TROUBLES)[number]

/**
 * What was refused lately, for readiness: a trouble stands until it has not come for some time, or is known
 * to be over.
 */
export interface Troubles {
  /** Tells of a refusal; errors of other codes are none. */
  note(code: ErrorCode): void
  /** A change was written: neither the disk nor the database refuses. */
  written(): void
  has(trouble: Trouble): boolean
  /** Whether it has not come for so long that it is over, unless somebody finds that it still stands. */
  isDue(trouble: Trouble): boolean
  end(trouble: Trouble): void
  /** Calls the listener when a trouble begins, and now and then while it comes again. */
  onTrouble(listener: (trouble: Trouble) => void): void
}

/** How often listeners are told of a trouble that goes on. */
const TELL_MS = 2000

/** @param standsMs how long a trouble stands after it came last */
export function createTroubles(standsMs: number, now: () => number = () => performance.now()): Troubles {
  const since = new Map<Trouble, number>()
  const toldAt = new Map<Trouble, number>()
  const listeners = new Set<(trouble: Trouble) => void>()
  const age = (trouble: Trouble) => now() - (since.get(trouble) ?? Number.NEGATIVE_INFINITY)
  return {
    note(code) {
      const trouble = TROUBLES.find((known) => known === code)
      if (trouble === undefined) return
      since.set(trouble, now())
      if (now() - (toldAt.get(trouble) ?? Number.NEGATIVE_INFINITY) < TELL_MS) return
      toldAt.set(trouble, now())
      for (const call of listeners) call(trouble)
    },
    written() {
      since.delete('storage_full')
      since.delete('read_only')
    },
    // Nobody can tell that there is room again but who looks: a full disk stands until then.
    has: (trouble) => (trouble === 'storage_full' ? since.has(trouble) : age(trouble) <= standsMs),
    isDue: (trouble) => since.has(trouble) && age(trouble) > standsMs,
    end: (trouble) => void since.delete(trouble),
    onTrouble: (listener) => void listeners.add(listener),
  }
}

/** Sorts more than its memory holds, so that PostgreSQL writes some 4 MB to its disk and deletes them again. */
const SPILL = `SELECT count(*) FROM (
  SELECT repeat(md5(n::text), 32) AS line FROM generate_series(1, 4000) n ORDER BY line OFFSET 0) sorted`

/** Looks whether there is room on the database's disk again; changes nothing there. */
export async function probeDisk(pool: pg.Pool, troubles: Troubles): Promise<void> {
  const client = await pool.connect()
  let failure: unknown
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL work_mem = '64kB'`)
    await client.query(SPILL)
    await client.query('ROLLBACK')
    troubles.end('storage_full')
  } catch (error) {
    failure = error
    const told = translateDatabaseError(error)
    if (isAppError(told)) troubles.note(told.code)
  } finally {
    client.release(failure !== undefined)
  }
}
