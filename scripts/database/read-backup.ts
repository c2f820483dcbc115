import type pg from 'pg'
import { type BackupHeader, type BackupRow, type BackupTable, readTables } from '#lib/db/backup/format.ts'
import { openBackup, verifyBackup } from '#lib/db/backup/read.ts'
import { migrate } from '#lib/db/migrate.ts'
import { readMigrations } from '#lib/db/migration-files.ts'
import { mendJson } from '#lib/text.ts'
import { withoutGuards } from '../../lib/db/without-guards.ts'
import { root } from '../root.mjs'
import { withClient } from './arguments.ts'

/** Rows are inserted in groups of about this many bytes of JSON. */
const GROUP_BYTES = 1_000_000

/**
 * Loads a backup into an empty database: all of it or nothing. The whole file is read and checked before
 * the database is touched.
 * @returns the number of rows
 * @throws Error when the database holds something, or the file is damaged, incomplete or of a newer version
 */
export async function readBackup(url: string, file: string): Promise<number> {
  const known = await knownMigrations()
  await verifyBackup(file, known)
  const { header, rows } = await openBackup(file, known)
  // To where the backup's database was, so that later migrations also work on its rows.
  await migrate(url, root, { only: header.migrations })
  const count = await withClient(url, async (client) => {
    await client.query('BEGIN')
    await refuseFullDatabase(client)
    await makePartitions(client, header)
    const loaded = await withoutGuards(client, () => loadRows(client, header, rows))
    await client.query('COMMIT')
    await client.query('ANALYZE')
    return loaded
  })
  await migrate(url, root)
  return count
}

/** The migrations of this version of Incipit. */
export async function knownMigrations(): Promise<ReadonlySet<string>> {
  return new Set((await readMigrations(root)).map((migration) => migration.name))
}

/** A migration gives it its one row, which that of the backup replaces. */
const NEVER_EMPTY = 'access_state'

async function refuseFullDatabase(client: pg.Client): Promise<void> {
  for (const { name } of await readTables(client)) {
    if (name === NEVER_EMPTY) await client.query(`DELETE FROM ${NEVER_EMPTY} WHERE first_owner_at IS NULL`)
    const { rowCount } = await client.query(`SELECT FROM ${client.escapeIdentifier(name)} LIMIT 1`)
    if (rowCount !== 0)
      throw new Error(
        `The database is not empty: ${name} has rows. Restore into a new one, or run db:reset first.`,
      )
  }
}

async function makePartitions(client: pg.Client, header: BackupHeader): Promise<void> {
  for (const { name, parent, bound } of header.partitions) {
    if (!/^FOR VALUES FROM \('[-+:. \d]+'\) TO \('[-+:. \d]+'\)$/.test(bound))
      throw new Error(`The partition ${name} has a strange range: ${bound}.`)
    const names = [name, parent].map((text) => client.escapeIdentifier(text))
    await client.query(`CREATE TABLE IF NOT EXISTS ${names[0]} PARTITION OF ${names[1]} ${bound}`)
  }
}

async function loadRows(
  client: pg.Client,
  header: BackupHeader,
  rows: AsyncGenerator<BackupRow>,
): Promise<number> {
  const tables = new Map(header.tables.map((table) => [table.name, table]))
  let loaded = 0
  let group: BackupRow[] = []
  let bytes = 0
  const insertGroup = async () => {
    const table = tables.get(group[0]?.table ?? '')
    if (table) loaded += await insertRows(client, table, group)
    group = []
    bytes = 0
  }
  for await (const row of rows) {
    if (group[0]?.table !== row.table || bytes > GROUP_BYTES) await insertGroup()
    group.push(row)
    bytes += row.row.length
  }
  await insertGroup()
  return loaded
}

async function insertRows(
  client: pg.Client,
  table: BackupTable,
  rows: readonly BackupRow[],
): Promise<number> {
  const name = client.escapeIdentifier(table.name)
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ')
  // json, not jsonb: it keeps the text of json columns as it is, but for what nobody could read again.
  const { rowCount } = await client.query(
    `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${name}, $1::json)`,
    [`[${rows.map((line) => mendJson(line.row)).join(',')}]`],
  )
  return rowCount ?? 0
}
