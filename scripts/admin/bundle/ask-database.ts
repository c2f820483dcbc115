import { UPKEEP } from '#lib/boot/boot.ts'
import type { LoadedConfig } from '#lib/config/load.ts'
import { readMigrationState } from '#lib/db/migrations/state.ts'
import { readInstances } from '#lib/health/instances.ts'
import { readServerFacts } from '#lib/health/read-database.ts'
import { readQueues, readUpkeep } from '#lib/health/read-work.ts'
import { newClient } from '../doctor/subject.ts'

const TABLES = `SELECT c.relname AS name, c.reltuples::float8 AS rows_estimated,
    pg_total_relation_size(c.oid)::float8 AS bytes, pg_indexes_size(c.oid)::float8 AS index_bytes
  FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  ORDER BY bytes DESC, name`

/** Who is at work: no text of a statement, which may hold values. */
const ACTIVITY = `SELECT application_name, state, wait_event_type, wait_event, count(*)::integer AS connections,
    max(extract(epoch FROM clock_timestamp() - xact_start))::float8 AS longest_transaction_seconds,
    max(extract(epoch FROM clock_timestamp() - query_start)) FILTER (WHERE state = 'active')::float8
      AS longest_statement_seconds
  FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`

/** What the database tells of itself and of the instances. */
export async function askDatabase(
  config: LoadedConfig,
  databaseProblem: string | undefined,
): Promise<unknown> {
  if (config.databaseUrl === undefined || databaseProblem !== undefined)
    return 'The database could not be reached; doctor.json says why.'
  const client = newClient(config.databaseUrl)
  await client.connect()
  try {
    const { outbox_tries, instance_ms } = config.limits
    return {
      server: await readServerFacts(client),
      migrations: await readMigrationState(client, config.root),
      instances: await readInstances(client, instance_ms),
      queues: await readQueues(client, outbox_tries),
      upkeep: await readUpkeep(client, UPKEEP),
      tables: (await client.query(TABLES)).rows,
      activity: (await client.query(ACTIVITY)).rows,
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}
