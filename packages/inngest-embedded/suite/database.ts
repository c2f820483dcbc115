import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** An empty database that nobody else uses. */
export interface FreshDatabase {
  /** By the role that owns it. */
  url: string
  /** By a role that may make nothing in it. */
  servingUrl: string
  drop(): Promise<void>
}

/**
 * Makes one on the server that INCIPIT_TEST_DATABASE_URL names: a role that may create databases, beside a role
 * `incipit_app` with the same password.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = process.env.INCIPIT_TEST_DATABASE_URL
  if (!server) throw new Error('INCIPIT_TEST_DATABASE_URL must name a PostgreSQL for tests.')
  const name = `inngest_test_${newSubject().replaceAll('-', '')}`
  await withClient(server, (client) => client.query(`CREATE DATABASE ${name}`))
  const own = new URL(server)
  own.pathname = `/${name}`
  const serving = new URL(own)
  serving.username = 'incipit_app'
  return {
    url: own.href,
    servingUrl: serving.href,
    drop: () => withClient(server, (client) => dropDatabase(client, name)),
  }
}

/** A pool of a test: what is still closing when the database is dropped fails nothing. */
export function poolOf(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** What a test calls its events by, so that it sees none of another one. */
export const newSubject = (): string => randomUUID()

/** Runs work on a connection of its own, closed afterwards. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'inngest-test' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const NOT_MINE = '42501'

/** While the server's own autovacuum is in it, nobody but it may end that: try again. */
async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  for (let tries = 300; ; tries--) {
    try {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      return
    } catch (error) {
      const isAutovacuum = error instanceof Error && 'code' in error && error.code === NOT_MINE
      if (!isAutovacuum || tries === 0) throw error
      await client.query('SELECT pg_sleep(0.2)')
    }
  }
}
