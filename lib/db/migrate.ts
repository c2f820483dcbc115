import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

/** Prisma's own lock for migrations, so that its CLI and our instances exclude each other. */
const ADVISORY_LOCK = 72707369
const LOCK_RETRY_MS = 100
/** For everything but a migration itself, which may rewrite large tables. */
const QUERY_TIMEOUT_MS = 10_000
const MIGRATION_TIMEOUT_MS = 6 * 3_600_000

export interface Migration {
  name: string
  sql: string
  checksum: string
}

/** The migrations of a folder in the order they apply. */
export async function readMigrations(root: string): Promise<Migration[]> {
  const folder = path.join(root, 'prisma', 'migrations')
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Applies what the database lacks, as `prisma migrate deploy` would: same lock, same table, same
 * checksums. Every instance calls this at start; the lock lets one of them work.
 * @param only apply no others than these: a restore needs the state that its backup was made in
 * @returns the names of the migrations that were applied
 * @throws Error when an applied migration was edited, or is unknown to this version of the app
 */
export async function migrate(url: string, root: string, only?: readonly string[]): Promise<string[]> {
  const migrations = await readMigrations(root)
  const client = new pg.Client({
    connectionString: url,
    application_name: 'incipit-migrate',
    connectionTimeoutMillis: 5000,
    query_timeout: QUERY_TIMEOUT_MS,
  })
  // A connection that breaks while idle is reported by the next query; it must not end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await takeLock(client)
    await client.query(HISTORY_TABLE)
    const applied = await readHistory(client)
    checkHistory(migrations, applied)
    const missing = migrations.filter(({ name }) => !applied.has(name) && (only?.includes(name) ?? true))
    for (const migration of missing) await apply(client, migration)
    return missing.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

/** Asked for again and again: a wait inside PostgreSQL could not be told from a connection that died. */
async function takeLock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      ADVISORY_LOCK,
    ])
    if (rows[0]?.taken === true) return
    await delay(LOCK_RETRY_MS)
  }
}

const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`

async function readHistory(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    `SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  )
  return new Map(rows.map((row) => [row.migration_name, row.checksum]))
}

function checkHistory(migrations: Migration[], applied: Map<string, string>): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const [name, checksum] of applied) {
    const expected = known.get(name)
    if (expected === undefined)
      throw new Error(
        `The database has the migration ${name}, which this version does not know. Start a newer version.`,
      )
    if (expected !== checksum)
      throw new Error(
        `The migration ${name} was edited after it was applied. Restore its file from version control.`,
      )
  }
}

/** One migration and its history row commit together. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  // A member of node-postgres that its types do not tell of.
  const script: pg.QueryConfig & { query_timeout: number } = {
    text: migration.sql,
    query_timeout: MIGRATION_TIMEOUT_MS,
  }
  await client.query('BEGIN')
  try {
    await client.query(script)
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(
      `The migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
}
