import type pg from 'pg'
import { isAppError } from '../errors.ts'
import { translateDatabaseError } from './database-error.ts'
import type { Troubles } from './troubles.ts'

/** Sorts more than its memory holds, so that PostgreSQL writes some 4 MB to its disk and deletes them again. */
const SPILL = `SELECT count(*) FROM (
  SELECT repeat(md5(n::text), 32) AS line FROM generate_series(1, 4000) n ORDER BY line OFFSET 0) sorted`

/** Looks whether there is room on the database's disk again; changes nothing there. */
export async function lookAtDisk(pool: pg.Pool, troubles: Troubles): Promise<void> {
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
