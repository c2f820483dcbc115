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
  let part: string[] = []
  let length = 0
  const send = async () => {
    if (part.length > 0)
      await tx.$executeRawUnsafe(
        `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json) ${orElse}`,
        `[${part.join(',')}]`,
      )
    part = []
    length = 0
  }
  for (const row of rows) {
    const json = JSON.stringify(row)
    if (part.length === ROWS_AT_ONCE || length + json.length > LENGTH_AT_ONCE) await send()
    part.push(json)
    length += json.length
  }
  await send()
}
