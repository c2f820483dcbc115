import pg from 'pg'

const CONNECT_TIMEOUT_MS = 5000
const QUERY_TIMEOUT_MS = 10_000

/**
 * Runs work on a connection of its own, closed afterwards.
 * @param applicationName what the server's list of connections shows
 */
export async function withConnection<T>(
  url: string,
  applicationName: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  })
  // A connection that breaks while idle is reported by the next query; it must not end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Where an address leads, for logs and metrics: host, port and database, never user or password. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url)
    return `${searchParams.get('host') ?? hostname}:${searchParams.get('port') ?? (port || '5432')}${pathname}`
  } catch {
    return 'an address that cannot be read'
  }
}

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
