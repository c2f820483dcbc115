import type pg from 'pg'
import { readMigrations } from './files.ts'

/** How the migrations of a database stand to those of this version; names, in order. */
export interface MigrationState {
  applied: string[]
  /** This version has them, the database has not. */
  pending: string[]
  /** The database has them, this version does not know them. */
  unknown: string[]
  /** Their text is another one than that which was applied. */
  edited: string[]
}

/**
 * Compares without changing anything.
 * @param root the project's folder
 */
export async function readMigrationState(
  connection: Pick<pg.Pool, 'query'>,
  root: string,
): Promise<MigrationState> {
  const known = await readMigrations(root)
  const { rows: tables } = await connection.query<{ name: string | null }>(
    `SELECT to_regclass('_prisma_migrations') AS name`,
  )
  if ((tables[0]?.name ?? null) === null)
    return { applied: [], pending: known.map(({ name }) => name), unknown: [], edited: [] }
  const { rows } = await connection.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name COLLATE "C"`,
  )
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]))
  const names = new Set(known.map(({ name }) => name))
  return {
    applied: [...applied.keys()],
    pending: known.flatMap(({ name }) => (applied.has(name) ? [] : [name])),
    unknown: [...applied.keys()].filter((name) => !names.has(name)),
    edited: known.flatMap(({ name, checksum }) =>
      applied.has(name) && applied.get(name) !== checksum ? [name] : [],
    ),
  }
}
