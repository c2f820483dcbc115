import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { withConnection } from '../connect.ts'
import { type BackupLine, type BackupTable, readPartitions, readTables } from './format.ts'
import { writeNewFile } from './new-file.ts'
import { verifyBackup } from './read.ts'

const ROWS_AT_A_TIME = 500

/**
 * Writes everything in a database to a file that only its owner may read. It takes its name only when it is
 * whole, on the disk, and was read from end to end.
 * @returns the number of rows
 * @throws Error when there is a file of this name: a backup replaces nothing
 */
export function writeBackup(url: string, file: string): Promise<number> {
  return writeNewFile(file, async (stream, unfinished) => {
    const count = await streamBackup(url, stream)
    await verifyBackup(unfinished, ANY_MIGRATION)
    return count
  })
}

/** A database may be ahead of this version, and is saved all the same. */
const ANY_MIGRATION = { has: () => true }

/**
 * Writes everything in a database to a stream: one snapshot, whatever is written meanwhile.
 * @returns the number of rows
 */
export function streamBackup(url: string, target: Writable): Promise<number> {
  return withConnection(url, 'incipit-backup', async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const counts: Record<string, number> = {}
    await pipeline(Readable.from(printed(client, counts)), createGzip(), target)
    await client.query('COMMIT')
    return Object.values(counts).reduce((sum, rows) => sum + rows, 0)
  })
}

async function* printed(client: pg.Client, counts: Record<string, number>): AsyncGenerator<string> {
  for await (const line of lines(client, counts)) yield `${JSON.stringify(line)}\n`
}

async function* lines(client: pg.Client, counts: Record<string, number>): AsyncGenerator<BackupLine> {
  const tables = await readTables(client)
  yield {
    format: 'incipit-backup',
    version: 1,
    created_at: new Date().toISOString(),
    migrations: await readAppliedMigrations(client),
    tables,
    partitions: await readPartitions(client),
  }
  for (const table of tables) {
    counts[table.name] = 0
    for await (const row of rowsOf(client, table)) {
      counts[table.name] = (counts[table.name] ?? 0) + 1
      yield { table: table.name, row }
    }
  }
  yield { end: true, counts }
}

async function* rowsOf(client: pg.Client, table: BackupTable): AsyncGenerator<string> {
  const columns = table.columns.map((name) => client.escapeIdentifier(name)).join(', ')
  const from = client.escapeIdentifier(table.name)
  await client.query(
    `DECLARE backup NO SCROLL CURSOR FOR SELECT row_to_json(r)::text AS row FROM (SELECT ${columns} FROM ${from}) r`,
  )
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`FETCH ${ROWS_AT_A_TIME} FROM backup`)
    for (const { row } of rows) yield row
    if (rows.length < ROWS_AT_A_TIME) break
  }
  await client.query('CLOSE backup')
}

async function readAppliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name COLLATE "C"`,
  )
  return rows.map((row) => row.name)
}
