import pg from 'pg'

interface Index {
  drop: string
  make: string
}

/**
 * Fills tables without their indexes and makes these afterwards, which is much faster for millions of rows. Nothing
 * else may use the tables meanwhile.
 */
export async function withoutIndexes<T>(
  client: pg.Client,
  tables: readonly string[],
  fill: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<Index>(INDEXES, [tables])
  for (const { drop } of rows) await client.query(drop)
  const filled = await fill()
  for (const { make } of rows) await client.query(make)
  return filled
}

/** Primary keys are constraints; the others are plain indexes. Those of partitions come and go with their table's. */
const INDEXES = `SELECT
    CASE WHEN k.oid IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
      ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, k.conname) END AS drop,
    CASE WHEN k.oid IS NULL THEN replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
      ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) END AS make
  FROM pg_index i LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
  WHERE i.indrelid = ANY ($1::text[]::regclass[])`

/** What makes filling slow, and keeps rows that a power failure would lose. */
const CAREFUL = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
}

/** Fills a server without care for a power failure, and without asking foreign keys; afterwards it is as it was. */
export async function inHaste<T>(superuserUrl: string, fill: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    await client.query('GRANT SET ON PARAMETER session_replication_role TO PUBLIC')
    for (const [name, value] of Object.entries(CAREFUL))
      await client.query(`ALTER SYSTEM SET ${name} = '${value}'`)
    await client.query('SELECT pg_reload_conf()')
    const filled = await fill()
    for (const name of Object.keys(CAREFUL)) await client.query(`ALTER SYSTEM RESET ${name}`)
    await client.query('SELECT pg_reload_conf()')
    await client.query('CHECKPOINT')
    return filled
  } finally {
    await client.end()
  }
}
