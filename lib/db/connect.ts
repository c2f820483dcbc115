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
