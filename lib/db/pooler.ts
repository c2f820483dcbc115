import type pg from 'pg'
import { withConnection } from './connect.ts'
import { placeOf } from './place.ts'

/**
 * Refuses a pooler that gives its connections to others after each transaction or statement: what is said to
 * such a connection (LISTEN, prepared statements, locks, settings) is said to somebody else's.
 * @param setting the key or variable that names the address, for the message
 * @throws Error that says what to do; what a connection says that cannot be made
 */
export async function refuseTransactionPooling(url: string, setting = 'DATABASE_URL'): Promise<void> {
  if (!(await isShared(url))) return
  throw new Error(
    `The pooler at ${placeOf(url)} gives a connection to others after each transaction (transaction or statement ` +
      'mode). Incipit needs whole sessions, for LISTEN, prepared statements and locks: set pool_mode = session for ' +
      `this database in pgbouncer.ini, or let ${setting} name PostgreSQL itself. (docs/databases.md, "Poolers")`,
  )
}

function isShared(url: string): Promise<boolean> {
  return withConnection(url, 'incipit-start', async (first) => {
    const before = await backendOf(first)
    return withConnection(url, 'incipit-start', async (second) => {
      // While the second holds the server's process, a pooler that shares it must give the first another one.
      await second.query('BEGIN')
      if ((await backendOf(second)) === before) return true
      const after = await backendOf(first)
      await second.query('ROLLBACK')
      return after !== before
    })
  })
}

async function backendOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return rows[0]?.pid
}
