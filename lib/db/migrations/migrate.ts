import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { Backoff } from '../../log-throttle.ts'
import { type Blocker, findLockHolders, watchingBlockers } from '../blockers.ts'
import { withConnection } from '../connect.ts'
import { sqlState } from '../database-error.ts'
import { actAsOwner, assertMayMigrate, grantRights } from '../rights.ts'
import { type Migration, readMigrations } from './files.ts'
import { addToHistory, checkHistory, makeHistory, readHistory } from './history.ts'

/** Prisma's own lock for migrations, so that its CLI and our instances exclude each other. */
const ADVISORY_LOCK = 72707369
const LOCK_RETRY_MS = 100
/** lock_not_available and deadlock_detected: others use the table, and nothing was changed. */
const YIELDED = new Set(['55P03', '40P01'])
const FIRST_REMINDER_MS = 5000
const LONGEST_REMINDER_MS = 300_000
/** A migration may rewrite large tables. */
const MIGRATION_TIMEOUT_MS = 6 * 3_600_000

export interface MigrateOptions {
  /** Apply no others than these: a restore needs the state that its backup was made in. */
  only?: readonly string[] | undefined
  /** Time that a migration waits for a lock before it yields and retries. */
  lockTimeoutMs?: number
  /** A role that reads and writes rows and owns nothing: it is granted these rights. */
  grantTo?: string | undefined
  /** Called with the lock held before a database that is in use is changed; what it throws ends the start. */
  beforeChange?: ((missing: readonly string[]) => Promise<void>) | undefined
  /** Gets a warning with the blockers of a migration. */
  log?: { warn(fields: object, message: string): void }
}

const DEFAULT_LOCK_TIMEOUT_MS = 3000

/**
 * Applies what the database lacks, as `prisma migrate deploy` would: same lock, same table, same
 * checksums. Every instance calls this at start; the lock lets one of them work. Without anything to apply
 * it needs no right but to read.
 * @param url of the role that owns the tables
 * @returns the names of the migrations that were applied
 * @throws Error when an applied migration was edited, or is of a newer version that this one does not fit, and when
 *   the role lacks a right: the message names it
 */
export async function migrate(url: string, root: string, options: MigrateOptions = {}): Promise<string[]> {
  const { only, grantTo, log } = options
  const migrations = await readMigrations(root)
  return withConnection(url, 'incipit-migrate', async (client) => {
    await takeLock(client, options)
    await actAsOwner(client)
    const applied = await readHistory(client)
    const newer = checkHistory(migrations, applied)
    if (newer.length > 0)
      log?.warn({ newer }, 'the database is of a newer version, which this one may serve beside')
    const missing = migrations.filter(({ name }) => !applied.has(name) && (only?.includes(name) ?? true))
    if (missing.length > 0) {
      await assertMayMigrate(client)
      if (applied.size > 0) await options.beforeChange?.(missing.map(({ name }) => name))
      await makeHistory(client)
    }
    for (const migration of missing) await applyWithRetry(client, migration, url, options)
    if (grantTo !== undefined) await grantRights(client, grantTo)
    return missing.map((migration) => migration.name)
  })
}

/** Polls for the lock: a wait inside PostgreSQL would look like a dead connection. */
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
 * Applies a migration and retries it on a lock timeout or a deadlock. A migration that waits for a table blocks every later
 * statement, so each wait is short and other statements run in between.
 */
async function applyWithRetry(
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
      if (!YIELDED.has(sqlState(error) ?? '')) throw error
      log?.warn(
        { migration: migration.name, by: blockers },
        'a migration waits for a table that others use; it is tried again',
      )
    }
    await delay(lockTimeoutMs / 2)
  }
}

/** One migration and its history row commit together. */
async function apply(client: pg.Client, migration: Migration, lockTimeoutMs: number): Promise<void> {
  // The types of node-postgres lack this member.
  const script: pg.QueryConfig & { query_timeout: number } = {
    text: migration.sql,
    query_timeout: MIGRATION_TIMEOUT_MS,
  }
  await client.query('BEGIN')
  try {
    await client.query(`SET LOCAL lock_timeout = ${Math.round(lockTimeoutMs)}`)
    await client.query(script)
    await addToHistory(client, migration)
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
