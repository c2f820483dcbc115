import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { compareVersions, VERSION } from '../../version.ts'
import type { Migration } from './files.ts'

/** Prisma's table, so that `prisma migrate status` agrees with us. `logs`, which it leaves empty, holds `worksBeside`. */
const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`
const NOTE = 'works beside versions from '

/** A migration that the database has. */
interface Applied {
  checksum: string
  worksBeside: string | undefined
}

/** By name; empty for a new database. */
export async function readHistory(client: pg.Client): Promise<Map<string, Applied>> {
  const table = await client.query<{ name: string | null }>(
    `SELECT to_regclass('_prisma_migrations') AS name`,
  )
  if (table.rows[0]?.name === null) return new Map()
  const { rows } = await client.query<{ name: string; checksum: string; logs: string | null }>(
    `SELECT migration_name AS name, checksum, logs FROM "_prisma_migrations"
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  )
  return new Map(rows.map(({ name, checksum, logs }) => [name, { checksum, worksBeside: versionIn(logs) }]))
}

export function makeHistory(client: pg.Client): Promise<unknown> {
  return client.query(HISTORY_TABLE)
}

export function addToHistory(
  client: pg.Client,
  { name, checksum, worksBeside }: Migration,
): Promise<unknown> {
  return client.query(
    `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, logs, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, $4, now(), 1)`,
    [randomUUID(), checksum, name, worksBeside === undefined ? null : NOTE + worksBeside],
  )
}

/**
 * Compares what a database has with what this version knows.
 * @returns the names of those of a newer version, which this one serves beside
 * @throws Error when an applied migration was edited, or is one of a newer version that this one does not fit
 */
export function checkHistory(
  migrations: readonly Migration[],
  applied: ReadonlyMap<string, Applied>,
  version: string = VERSION,
): string[] {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]))
  const newer: string[] = []
  for (const [name, { checksum, worksBeside }] of applied) {
    const expected = known.get(name)
    if (expected === undefined) {
      if (worksBeside === undefined || compareVersions(version, worksBeside) < 0)
        throw new Error(newerDatabase(name, version, worksBeside))
      newer.push(name)
    } else if (expected !== checksum)
      throw new Error(
        `The migration ${name} was edited after it was applied. Restore its file from version control.`,
      )
  }
  return newer
}

function newerDatabase(name: string, version: string, worksBeside: string | undefined): string {
  const oldest = worksBeside === undefined ? '' : ` It works with version ${worksBeside} and newer.`
  return (
    `The database has the migration ${name}, which this version (${version}) does not know.${oldest} ` +
    'Start a newer version, or restore the backup that was made before the migration (docs/upgrading.md).'
  )
}

function versionIn(logs: string | null): string | undefined {
  return logs?.startsWith(NOTE) ? logs.slice(NOTE.length) : undefined
}
