import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type pg from 'pg'
import { migrate, readMigrations } from '#lib/db/migrate.ts'
import { root } from '../root.mjs'
import {
  type BackupHeader,
  type BackupLine,
  type BackupRow,
  type BackupTable,
  readTables,
} from './backup-format.ts'
import { withClient } from './connection.ts'
import { withoutGuards } from './without-guards.ts'

/** Rows are inserted in groups of about this many bytes of JSON. */
const GROUP_BYTES = 1_000_000

/**
 * Loads a backup into an empty database: all of it or nothing.
 * @returns the number of rows
 * @throws Error when the database holds something, or the file is incomplete or of a newer version
 */
export async function readBackup(url: string, file: string): Promise<number> {
  const lines = readLines(file)
  const first = await lines.next()
  const header = checkHeader(first.done ? undefined : first.value)
  await migrateTo(url, header.migrations)
  const count = await withClient(url, async (client) => {
    await client.query('BEGIN')
    await refuseFullDatabase(client)
    await makePartitions(client, header)
    const loaded = await withoutGuards(client, () => loadRows(client, header, lines))
    await client.query('COMMIT')
    await client.query('ANALYZE')
    return loaded
  })
  await migrate(url, root)
  return count
}

async function* readLines(file: string): AsyncGenerator<BackupLine> {
  const text = createReadStream(file).pipe(createGunzip())
  const reader = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })
  // readline does not tell of its input's errors.
  const failed = new Promise<never>((_, reject) => text.once('error', reject))
  failed.catch(() => undefined)
  const lines = reader[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([lines.next(), failed])
    if (next.done) return
    yield JSON.parse(next.value) as BackupLine
  }
}

function checkHeader(line: BackupLine | undefined): BackupHeader {
  if (line === undefined || !('format' in line) || line.format !== 'incipit-backup')
    throw new Error('This file is no backup of Incipit.')
  if (line.version !== 1) throw new Error('This backup was made by a newer version of Incipit.')
  return line
}

/** Brings the database to where the backup's was, so that later migrations also work on its rows. */
async function migrateTo(url: string, names: readonly string[]): Promise<void> {
  const known = new Set((await readMigrations(root)).map((migration) => migration.name))
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new Error(
      `This backup was made by a newer version of Incipit: it knows the migration ${unknown[0]}.`,
    )
  await migrate(url, root, names)
}

async function refuseFullDatabase(client: pg.Client): Promise<void> {
  for (const { name } of await readTables(client)) {
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
  lines: AsyncGenerator<BackupLine>,
): Promise<number> {
  const tables = new Map(header.tables.map((table) => [table.name, table]))
  const counts: Record<string, number> = Object.fromEntries(header.tables.map(({ name }) => [name, 0]))
  let group: BackupRow[] = []
  let bytes = 0
  const insertGroup = async () => {
    const [row] = group
    const table = row && tables.get(row.table)
    if (table) counts[table.name] = (counts[table.name] ?? 0) + (await insertRows(client, table, group))
    group = []
    bytes = 0
  }
  for await (const line of lines) {
    if ('end' in line) {
      await insertGroup()
      if (JSON.stringify(counts) !== JSON.stringify(line.counts))
        throw new Error('The backup is damaged: its rows are not those that it counted.')
      return Object.values(counts).reduce((sum, rows) => sum + rows, 0)
    }
    if (!('table' in line))
      throw new Error('The backup is damaged: it has a line that is neither row nor end.')
    if (group.length > 0 && (group[0]?.table !== line.table || bytes > GROUP_BYTES)) await insertGroup()
    group.push(line)
    bytes += line.row.length
  }
  throw new Error('The backup is incomplete: its end is missing.')
}

async function insertRows(
  client: pg.Client,
  table: BackupTable,
  rows: readonly BackupRow[],
): Promise<number> {
  const name = client.escapeIdentifier(table.name)
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ')
  // json, not jsonb: it keeps the text of json columns as it is.
  const { rowCount } = await client.query(
    `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${name}, $1::json)`,
    [`[${rows.map((line) => line.row).join(',')}]`],
  )
  return rowCount ?? 0
}
