import { createHash } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import { readMigrations } from '../db/migrations/files.ts'
import { migrate } from '../db/migrations/migrate.ts'
import { newId } from '../id.ts'

/** The project's folder: migrations and the seed are read from here. */
export const ROOT = path.resolve(import.meta.dirname, '../..')

/** A migrated database that nobody else uses. */
export interface FreshDatabase {
  /** By the role that serves, which reads and writes rows; an empty database has its owner alone. */
  url: string
  /** By the role that owns the tables. */
  ownerUrl: string
  name: string
  drop(): Promise<void>
}

/** Rows that every database of a kind begins with. */
export interface Beside {
  /** Changes with the rows. */
  readonly version: string
  /** @param addresses by the role that serves, and by the one that owns the tables */
  fill(addresses: Pick<FreshDatabase, 'url' | 'ownerUrl'>): Promise<void>
}

export interface FreshDatabaseOptions {
  migrated?: boolean
  beside?: Beside
}

interface Server {
  adminUrl: string
  stop(): Promise<void>
}

/** Excludes the workers of a run from each other while the template is made. */
const TEMPLATE_LOCK = 1_229_867_348

/**
 * Copies a database out of the migrated template, which the first caller on a server makes. The server
 * is the one that INCIPIT_TEST_DATABASE_URL names (a role that may create databases, beside a role
 * `incipit_app` with the same password; the test run's global setup starts it); without it, an embedded one
 * for this caller alone.
 *
 * @param beside what else is in it, put there by whoever makes the template
 */
export async function freshDatabase({
  migrated = true,
  beside,
}: FreshDatabaseOptions = {}): Promise<FreshDatabase> {
  const server = await findServer()
  try {
    const name = `incipit_test_${newId().replaceAll('-', '')}`
    await withClient(server.adminUrl, async (client) => {
      if (!migrated) return void (await client.query(`CREATE DATABASE ${name}`))
      const template = await ensureTemplate(client, server.adminUrl, beside)
      // Copying the files takes a third of the time that copying page by page through the log does.
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`)
    })
    const ownerUrl = withDatabase(server.adminUrl, name)
    return {
      name,
      url: migrated ? asRuntimeRole(ownerUrl) : ownerUrl,
      ownerUrl,
      async drop() {
        await withClient(server.adminUrl, (client) => dropDatabase(client, name))
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** The same address with another database. */
function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

/** The role of the app on the servers of tests, as on the embedded database. */
const RUNTIME_ROLE = 'incipit_app'

function asRuntimeRole(url: string): string {
  return asRole(url, RUNTIME_ROLE)
}

/** The address of a migrated test database by the role that owns it. */
export function asOwner(url: string): string {
  return asRole(url, 'incipit')
}

function asRole(url: string, role: string): string {
  const changed = new URL(url)
  changed.username = role
  return changed.href
}

/** Runs work on a connection of its own, closed afterwards. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'incipit-test' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function findServer(): Promise<Server> {
  const given = process.env.INCIPIT_TEST_DATABASE_URL
  if (given) return { adminUrl: given, stop: () => Promise.resolve() }
  const { startTestDatabase } = await import('../../scripts/test-database.mjs')
  return startTestDatabase()
}

/** The template's name tells which migrations it holds, so an edited migration makes another one. */
async function ensureTemplate(admin: pg.Client, adminUrl: string, beside?: Beside): Promise<string> {
  const migrations = await readMigrations(ROOT)
  const hash = createHash('sha256').update(
    [...migrations.map((each) => each.checksum), beside?.version].join('\n'),
  )
  const name = `incipit_template_${hash.digest('hex').slice(0, 16)}`
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK])
  try {
    const found = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (found.rowCount === 0) await makeTemplate(admin, adminUrl, name, beside)
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK])
  }
  return name
}

/** Under its final name only once it is whole: a worker killed half-way leaves no broken template. */
async function makeTemplate(
  admin: pg.Client,
  adminUrl: string,
  name: string,
  beside: Beside | undefined,
): Promise<void> {
  const draft = `${name}_draft`
  await admin.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`)
  await admin.query(`CREATE DATABASE ${draft}`)
  const ownerUrl = withDatabase(adminUrl, draft)
  await migrate(ownerUrl, ROOT, { grantTo: RUNTIME_ROLE })
  await beside?.fill({ url: asRuntimeRole(ownerUrl), ownerUrl })
  await admin.query(`ALTER DATABASE ${draft} RENAME TO ${name}`)
}

const NOT_MINE = '42501'

/** Drops a database. While the server's own autovacuum is in it, nobody but it may end that: try again. */
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
