import type { Tx } from './client.ts'

const ROWS_AT_ONCE = 500
/** Characters of JSON in one statement. */
const LENGTH_AT_ONCE = 2_000_000

/**
 * Adds rows to a table of a workspace by few statements. All rows have the same columns, `workspace_id` among them;
 * those that are left out get their defaults.
 * @param orElse what to do with rows that are there: `ON CONFLICT …`
 */
export async function insertRows(
  tx: Tx,
  table: string,
  rows: readonly ({ workspace_id: string } & Record<string, unknown>)[],
  orElse = '',
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
    .map((column) => `"${column}"`)
    .join(', ')
  let sent: Promise<unknown> = Promise.resolve()
  for (const part of partsOf(rows)) {
    // While the database works at one part, the next is made.
    await sent
    sent = tx.$executeRawUnsafe(insertInto(table, columns, orElse), part)
    // Whoever awaits it is told; until then nobody listens.
    sent.catch(() => undefined)
  }
  await sent
}

const insertInto = (table: string, columns: string, orElse: string) =>
  `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json) ${orElse}`

/** JSON arrays of some rows each. */
function* partsOf(rows: readonly object[]): Generator<string> {
  let part: string[] = []
  let length = 0
  for (const row of rows) {
    const json = JSON.stringify(row)
    if (part.length === ROWS_AT_ONCE || (part.length > 0 && length + json.length > LENGTH_AT_ONCE)) {
      yield `[${part.join(',')}]`
      part = []
      length = 0
    }
    part.push(json)
    length += json.length
  }
  if (part.length > 0) yield `[${part.join(',')}]`
}
