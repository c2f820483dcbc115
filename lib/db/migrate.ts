import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { Backoff } from '../log-throttle.ts'
import { type Blocker, findLockHolders, watchingBlockers } from './blockers.ts'
import { withConnection } from './connect.ts'
import { sqlState } from './database-error.ts'
import { actAsOwner, assertMayMigrate, grantRights } from './rights.ts'

/** Prisma's own lock for migrations, so that its CLI and our instances exclude each other. */
const ADVISORY_LOCK = 72707369
const LOCK_RETRY_MS = 100
const LOCK_NOT_AVAILABLE = '55P03'
const FIRST_REMINDER_MS = 5000
const LONGEST_REMINDER_MS = 300_000
/** A migration may rewrite large tables. */
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

export interface MigrateOptions {
  /** Apply no others than these: a restore needs the state that its backup was made in. */
  only?: readonly string[] | undefined
  /** How long a migration waits for a lock before it lets everybody through and tries again. */
  lockTimeoutMs?: number
  /** A role that reads and writes rows and is no owner: it gets the rights to that. */
  grantTo?: string | undefined
  /** Told who is waited for. */
  log?: { warn(fields: object, message: string): void }
}

const DEFAULT_LOCK_TIMEOUT_MS = 3000

/**
 * Applies what the database lacks, as `prisma migrate deploy` would: same lock, same table, same
 * checksums. Every instance calls this at start; the lock lets one of them work. Without anything to apply
 * it needs no right but to read.
 * @param url of the role that owns the tables
 * @returns the names of the migrations that were applied
 * @throws Error when an applied migration was edited, or is unknown to this version of the app, and when the
 *   role lacks a right: the message names it
 */
export async function migrate(url: string, root: string, options: MigrateOptions = {}): Promise<string[]> {
  const { only, grantTo } = options
  const migrations = await readMigrations(root)
  return withConnection(url, 'incipit-migrate', async (client) => {
    await takeLock(client, options)
    await actAsOwner(client)
    const applied = await readHistory(client)
    checkHistory(migrations, applied)
    const missing = migrations.filter(({ name }) => !applied.has(name) && (only?.includes(name) ?? true))
    if (missing.length > 0) {
      await assertMayMigrate(client)
      await client.query(HISTORY_TABLE)
    }
    for (const migration of missing) await applyPatiently(client, migration, url, options)
    if (grantTo !== undefined) await grantRights(client, grantTo)
    return missing.map((migration) => migration.name)
  })
}

/** Asked for again and again: a wait inside PostgreSQL could not be told from a connection that died. */
async function takeLock(client: pg.Client, { log }: MigrateOptions): Promise<void> {
  const waiting = new Backoff(FIRST_REMINDER_MS, LONGEST_REMINDER_MS)
  for (let tries = 0; ; tries++) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      ADVISORY_LOCK,
    ])
    if (rows[0]?.taken === true) return
    if (tries > 0 && log !== undefined && waiting.isDue())
      log.warn(
        { by: await findLockHolders(client, ADVISORY_LOCK) },
        'another process migrates; waiting for it',
      )
    await delay(LOCK_RETRY_MS)
  }
}

/**
 * A migration that waits for a table makes everybody wait who comes after it: so it waits a short time, gives
 * up, and tries again when they have been served.
 */
async function applyPatiently(
  client: pg.Client,
  migration: Migration,
  url: string,
  { lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS, log }: MigrateOptions,
): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const look = { url, pid: rows[0]?.pid ?? 0, everyMs: Math.max(50, lockTimeoutMs / 4) }
  for (;;) {
    let blockers: Blocker[] = []
    const seen = (found: Blocker[]) => {
      if (found.length > 0) blockers = found
    }
    try {
      return await watchingBlockers(look, seen, () => apply(client, migration, lockTimeoutMs))
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error
      log?.warn(
        { migration: migration.name, by: blockers },
        'a migration waits for a table that others use; it is tried again',
      )
    }
    await delay(lockTimeoutMs / 2)
  }
}

const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`

async function readHistory(client: pg.Client): Promise<Map<string, string>> {
  const table = await client.query<{ name: string | null }>(
    `SELECT to_regclass('_prisma_migrations') AS name`,
  )
  if (table.rows[0]?.name === null) return new Map()
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
async function apply(client: pg.Client, migration: Migration, lockTimeoutMs: number): Promise<void> {
  // A member of node-postgres that its types do not tell of.
  const script: pg.QueryConfig & { query_timeout: number } = {
    text: migration.sql,
    query_timeout: MIGRATION_TIMEOUT_MS,
  }
  await client.query('BEGIN')
  try {
    await client.query(`SET LOCAL lock_timeout = ${Math.round(lockTimeoutMs)}`)
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
