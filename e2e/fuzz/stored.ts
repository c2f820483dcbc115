import pg from 'pg'

interface Column {
  table: string
  column: string
}

/**
 * Places of a database that hold JSON with a NUL or half of a surrogate pair. Columns of type json take
 * both, and whoever reads them later fails; text and jsonb refuse them.
 */
export async function malformedPlaces(databaseUrl: string | undefined): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Column>(
      `SELECT table_name AS table, column_name AS column FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type = 'json'`,
    )
    const found: string[] = []
    for (const { table, column } of rows) {
      // The cast is what a reader of the JSON does.
      const failure = await client
        .query(`SELECT count("${column}"::jsonb) FROM "${table}"`)
        .then(() => undefined, String)
      if (failure !== undefined) found.push(`${table}.${column}: ${failure}`)
    }
    return found
  } finally {
    await client.end()
  }
}
