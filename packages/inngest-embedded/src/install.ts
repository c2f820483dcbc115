import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { transaction } from './database.ts'
import type { Settings } from './options.ts'

/** Exclude instances that start at the same time from each other. */
const TABLES_LOCK = 1_229_867_349
const GRANT_LOCK = 1_229_867_352
const VERSION = 1

/**
 * Makes the tables of the runner and of its queue, or finds them made, by the role that may make some. When
 * that is not the pool's, the pool's role gets the rights to their rows. What is in them is transient: it can be
 * dropped when nothing waits that is still wanted.
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

async function makeTables(pool: pg.Pool, schema: string): Promise<void> {
  if (await isMade(pool, schema)) return
  await transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [TABLES_LOCK])
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    await client.query(`CREATE TABLE IF NOT EXISTS ${schema}.version (number integer NOT NULL)`)
    const { rows } = await client.query<{ number: number }>(`SELECT number FROM ${schema}.version`)
    const found = rows[0]?.number
    if (found === VERSION) return
    if (found !== undefined)
      throw new Error(`The schema ${schema} is of version ${found}; this runner knows version ${VERSION}.`)
    await client.query(tables(schema))
    await client.query(`INSERT INTO ${schema}.version VALUES ($1)`, [VERSION])
  })
}

/** Asked first, since a role that may not make a schema is refused even where it is there. */
async function isMade(pool: pg.Pool, schema: string): Promise<boolean> {
  const found = await pool.query<{ name: string | null }>('SELECT to_regclass($1) AS name', [
    `${schema}.version`,
  ])
  if (found.rows[0]?.name === null) return false
  const { rows } = await pool.query<{ number: number }>(`SELECT number FROM ${schema}.version`)
  return rows[0]?.number === VERSION
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
    await owner.query(`BEGIN; SELECT pg_advisory_xact_lock(${GRANT_LOCK});
      GRANT USAGE ON SCHEMA ${name} TO ${to};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${name} TO ${to};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${name} TO ${to};
      ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${to};
      COMMIT`)
  }
}

const tables = (schema: string) => `
  CREATE TABLE ${schema}.run (
    id           uuid PRIMARY KEY,
    function_id  text NOT NULL,
    event        json NOT NULL,
    -- active: it runs, waits or sleeps; the queue knows which
    status       text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'completed', 'failed', 'cancelled')),
    priority     integer NOT NULL,
    -- what its concurrency is counted by
    group_id     text,
    -- what cancellations compare, as "index:value"
    matches      text[] NOT NULL,
    output       json,
    created_at   timestamptz NOT NULL DEFAULT now(),
    ended_at     timestamptz
  );
  CREATE INDEX run_to_cancel ON ${schema}.run USING gin (matches) WHERE status = 'active';
  CREATE INDEX run_ended ON ${schema}.run (ended_at) WHERE ended_at IS NOT NULL;

  CREATE TABLE ${schema}.step (
    run_id  uuid NOT NULL REFERENCES ${schema}.run (id) ON DELETE CASCADE,
    -- the SDK's hash
    id      text NOT NULL,
    -- {"data": …} or {"error": …}; null: asleep, as an earlier version of the runner noted it
    result  json,
    -- the order of results
    place   bigint,
    PRIMARY KEY (run_id, id)
  );
  CREATE SEQUENCE ${schema}.place OWNED BY ${schema}.step.place;

  -- Events that have started a function.
  CREATE TABLE ${schema}.started (
    function_id  text NOT NULL,
    key          text NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (function_id, key)
  );
  CREATE INDEX started_by_age ON ${schema}.started (expires_at);`
