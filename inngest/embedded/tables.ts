import type pg from 'pg'
import { transaction } from './database.ts'

/** Excludes instances that start at the same time from each other. */
const LOCK = 1_229_867_349
const VERSION = 1

/**
 * Makes the runner's schema, or finds it made. What is in it is transient: it can be dropped when nothing
 * waits that is still wanted.
 */
export async function makeTables(pool: pg.Pool, schema: string): Promise<void> {
  if (await isMade(pool, schema)) return
  await transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
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
  CREATE INDEX run_active ON ${schema}.run (function_id) WHERE status = 'active';
  CREATE INDEX run_ended ON ${schema}.run (ended_at) WHERE ended_at IS NOT NULL;

  CREATE TABLE ${schema}.step (
    run_id  uuid NOT NULL REFERENCES ${schema}.run (id) ON DELETE CASCADE,
    -- the SDK's hash
    id      text NOT NULL,
    -- {"data": …} or {"error": …}; null: planned, or asleep
    result  json,
    -- the order of results
    place   bigint,
    -- others need not have ended for the function to go on
    race    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (run_id, id)
  );
  CREATE SEQUENCE ${schema}.place OWNED BY ${schema}.step.place;

  -- Events and idempotency keys that have started a function.
  CREATE TABLE ${schema}.started (
    function_id  text NOT NULL,
    key          text NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (function_id, key)
  );
  CREATE INDEX started_by_age ON ${schema}.started (expires_at);

  -- When the next run may begin, for throttle and rateLimit (generic cell rate algorithm).
  CREATE TABLE ${schema}.rate (
    key      text PRIMARY KEY,
    next_at  timestamptz NOT NULL
  );`
