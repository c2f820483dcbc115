import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { z } from 'zod'
import { FORMAT, FORMAT_VERSION, TABLES } from './backup-format.ts'
import { migrate } from './migrate.ts'

const Header = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  migrations: z.array(z.string()),
})

const BATCH_ROWS = 1000
const BATCH_BYTES = 8_000_000

/**
 * Fills an empty database from a backup, in one transaction: all of it or nothing. The database is first
 * brought to the state that the backup was made in, and to this version's afterwards.
 * @param root the project's folder, for its migrations
 * @returns the number of rows
 * @throws Error when the database is not empty, or the file is no whole backup
 */
export async function restore(url: string, file: string, root: string): Promise<number> {
  const gunzip = createReadStream(file).pipe(createGunzip())
  const lines = createInterface({ input: gunzip, crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]()
  const header = await readHeader(lines, file)
  await migrate(url, root, header.migrations)
  const client = new pg.Client({ connectionString: url, application_name: 'incipit-restore' })
  await client.connect()
  try {
    await client.query('BEGIN')
    await assertEmpty(client)
    const rows = await load(client, lines)
    await client.query('COMMIT')
    await client.query('ANALYZE')
    await migrate(url, root)
    return rows
  } finally {
    await client.end()
    gunzip.destroy()
  }
}

async function readHeader(lines: AsyncIterator<string>, file: string): Promise<z.infer<typeof Header>> {
  try {
    const first = await lines.next()
    return Header.parse(JSON.parse(first.value ?? ''))
  } catch (error) {
    throw new Error(`${file} is no backup that this version can read.`, { cause: error })
  }
}

async function assertEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ filled: boolean }>('SELECT EXISTS (SELECT FROM workspace) AS filled')
  if (rows[0]?.filled !== false)
    throw new Error('The database is not empty, so nothing was restored. Restore into a new database.')
}

async function load(client: pg.Client, lines: AsyncIterator<string>): Promise<number> {
  let table: string | undefined
  let batch: string[] = []
  let bytes = 0
  let total = 0
  const flush = async () => {
    if (table !== undefined && batch.length > 0) await insert(client, table, batch)
    total += batch.length
    batch = []
    bytes = 0
  }
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const line = next.value
    if (line.startsWith('#')) {
      await flush()
      const [word, argument = ''] = line.slice(1).split(' ')
      if (word === 'end' && Number(argument) === total) return total
      if (word === 'end') break
      table = TABLES.find((known) => known === argument)
      if (table === undefined) throw new Error(`The backup has an unknown table, "${argument}".`)
    } else {
      batch.push(line)
      bytes += line.length
      if (batch.length >= BATCH_ROWS || bytes >= BATCH_BYTES) await flush()
    }
  }
  throw new Error('The backup is not whole: its end is missing. Nothing was restored.')
}

/** Inserts rows given as JSON texts; generated columns are computed anew. */
async function insert(client: pg.Client, table: string, rows: string[]): Promise<void> {
  const json = `[${rows.join(',')}]`
  if (table === 'prompt_usage') await makePartitions(client, json)
  const columns = await writableColumns(client, table)
  await client.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`,
    [json],
  )
}

async function writableColumns(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [table],
  )
  return rows[0]?.columns ?? ''
}

/** Each day's events go to a partition of their own, or the day's could never be made later. */
async function makePartitions(client: pg.Client, json: string): Promise<void> {
  await client.query(
    `SELECT ensure_usage_partitions(day, 1) FROM (
       SELECT DISTINCT (occurred_at AT TIME ZONE 'UTC')::date AS day
       FROM json_populate_recordset(NULL::prompt_usage, $1::json)) AS days`,
    [json],
  )
}
