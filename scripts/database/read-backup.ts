import type pg from 'pg'
import { type BackupHeader, type BackupRow, type BackupTable, readTables } from '#lib/db/backup/format.ts'
import { openBackup, verifyBackup } from '#lib/db/backup/read.ts'
import { readMigrations } from '#lib/db/migrations/files.ts'
import { migrate } from '#lib/db/migrations/migrate.ts'
import { mendJson } from '#lib/text.ts'
import { withoutGuards } from '../../lib/db/without-guards.ts'
import { root } from '../root.mjs'
import { commandLine, withClient } from './arguments.ts'

/** Rows are inserted in groups of about this many bytes of JSON. */
const GROUP_BYTES = 1_000_000

/**
 * Loads a backup into an empty database: all of it or nothing. The whole file is read and checked before
 * the database is touched.
 * @param onLoaded looks at the rows before later migrations change them
 * @returns the number of rows
 * @throws Error when the database holds something, or the file is damaged, incomplete or of a newer version
 */
export async function readBackup(
  url: string,
  file: string,
  { onLoaded }: { onLoaded?: (client: pg.Client) => Promise<void> } = {},
): Promise<number> {
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
    await onLoaded?.(client)
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
        `The database is not empty: ${name} has rows. Restore into a new one, or empty it first: ${commandLine('db:reset -- --yes')}`,
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
  let loaded = 0
  for await (const { table, json } of inGroups(header, rows)) {
    const columns = columnsOf(client, table)
    const { rowCount } = await client.query(
      `INSERT INTO ${client.escapeIdentifier(table.name)} (${columns}) SELECT ${columns} FROM ${recordsOf(client, table)}`,
      [json],
    )
    loaded += rowCount ?? 0
  }
  return loaded
}

/** The rows of a backup table by table, in groups of one JSON array each. */
export async function* inGroups(
  { tables: all }: BackupHeader,
  rows: AsyncGenerator<BackupRow>,
): AsyncGenerator<{ table: BackupTable; json: string }> {
  const tables = new Map(all.map((table) => [table.name, table]))
  let name = ''
  let group: string[] = []
  let bytes = 0
  for await (const row of rows) {
    const before = tables.get(name)
    if (before !== undefined && group.length > 0 && (row.table !== name || bytes > GROUP_BYTES)) {
      yield { table: before, json: `[${group.join(',')}]` }
      group = []
      bytes = 0
    }
    name = row.table
    group.push(mendJson(row.row))
    bytes += row.row.length
  }
  const last = tables.get(name)
  if (last !== undefined && group.length > 0) yield { table: last, json: `[${group.join(',')}]` }
}

/** The stored columns of a table, as SQL. */
export function columnsOf(client: pg.Client, { columns }: BackupTable): string {
  return columns.map((column) => client.escapeIdentifier(column)).join(', ')
}

/**
 * The rows of a group, given as `$1`, as SQL. json, not jsonb: it keeps the text of json columns as it is, but for
 * what nobody could read again.
 */
export function recordsOf(client: pg.Client, { name }: BackupTable): string {
  return `json_populate_recordset(NULL::${client.escapeIdentifier(name)}, $1::json)`
}
