import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { type BackupHeader, FORMAT, FORMAT_VERSION, TABLES } from './backup-format.ts'

const FETCH = 1000

/**
 * Writes everything in the database into a file, as one consistent snapshot, while the app goes on.
 * Works without PostgreSQL's own tools, and the file restores into every supported major version.
 * @returns the number of rows
 */
export async function backup(url: string, file: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'incipit-backup' })
  await client.connect()
  const counted = { rows: 0 }
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(`SET LOCAL TIME ZONE 'UTC'`)
    await pipeline(
      Readable.from(lines(client, counted)),
      createGzip(),
      createWriteStream(file, { mode: 0o600 }),
    )
    await client.query('COMMIT')
    return counted.rows
  } finally {
    await client.end()
  }
}

async function* lines(client: pg.Client, counted: { rows: number }): AsyncGenerator<string> {
  const header: BackupHeader = {
    format: FORMAT,
    version: FORMAT_VERSION,
    created_at: new Date().toISOString(),
    migrations: await appliedMigrations(client),
  }
  yield `${JSON.stringify(header)}\n`
  for (const table of TABLES) {
    yield `#table ${table}\n`
    for await (const rows of tableRows(client, table)) {
      counted.rows += rows.length
      yield `${rows.join('\n')}\n`
    }
  }
  yield `#end ${counted.rows}\n`
}

async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
     ORDER BY migration_name`,
  )
  return rows.map((row) => row.name)
}

/** The rows of a table as JSON, a thousand at a time. Generated columns are left to the new database. */
async function* tableRows(client: pg.Client, table: string): AsyncGenerator<string[]> {
  const { rows: columns } = await client.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  )
  const list = columns.map((column) => column.name).join(', ')
  // A line break inside JSON can only be white space between its parts: in strings it is escaped.
  await client.query(
    `DECLARE rows NO SCROLL CURSOR FOR
     SELECT replace(row_to_json(row_of)::text, E'\\n', ' ') AS line FROM (SELECT ${list} FROM ${table}) AS row_of`,
  )
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${FETCH} FROM rows`)
    if (rows.length === 0) break
    yield rows.map((row) => row.line)
  }
  await client.query('CLOSE rows')
}
