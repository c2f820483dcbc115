import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Settings } from './options.ts'
import { makeTables } from './tables.ts'

/** Excludes instances that start at the same time from each other. */
const LOCK = 1_229_867_352

/**
 * Makes the tables of the runner and of its queue, or finds them made, by the role that may make some. When
 * that is not the pool's, the pool's role gets the rights to their rows.
 */
export async function install({
  pool,
  schema,
  ownerConnectionString,
}: Pick<Settings, 'pool' | 'schema' | 'ownerConnectionString'>): Promise<void> {
  if (ownerConnectionString === undefined) return make(pool, schema)
  const owner = new pg.Pool({ connectionString: ownerConnectionString, application_name: 'inngest-install' })
  owner.on('error', () => undefined)
  try {
    await make(owner, schema)
    await grantRows(owner, schema, await roleOf(pool))
  } finally {
    await owner.end()
  }
}

async function make(pool: pg.Pool, schema: string): Promise<void> {
  await makeTables(pool, schema)
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: `${schema}_queue`,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.stop({ graceful: false, close: false })
}

async function roleOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ role: string }>('SELECT current_user AS role')
  return rows[0]?.role ?? ''
}

/** Nothing is said where the role has its rights already, so that a start does not write to the catalogue. */
async function grantRows(owner: pg.Pool, schema: string, role: string): Promise<void> {
  const to = pg.escapeIdentifier(role)
  for (const name of [schema, `${schema}_queue`]) {
    const { rowCount } = await owner.query(
      `SELECT FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p')
         AND NOT has_table_privilege($2, oid, 'DELETE') LIMIT 1`,
      [name, role],
    )
    if (rowCount === 0) continue
    await owner.query(`BEGIN; SELECT pg_advisory_xact_lock(${LOCK});
      GRANT USAGE ON SCHEMA ${name} TO ${to};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${name} TO ${to};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${name} TO ${to};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${to};
      COMMIT`)
  }
}
