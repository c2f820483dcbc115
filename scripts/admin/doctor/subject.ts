import pg from 'pg'
import type { LoadedConfig } from '#lib/config/load.ts'
import type { MigrationState } from '#lib/db/migrations/state.ts'
import type { ServerFacts } from '#lib/health/read-database.ts'
import type { Instance } from '#lib/health/system-schema.ts'
import { createRuntime, setRuntime } from '#lib/runtime.ts'

const CONNECT_MS = 5_000
const STATEMENT_MS = 10_000

/** A database that answers, and what every check of it wants to know. */
export interface Subject {
  readonly config: LoadedConfig
  readonly client: pg.Client
  readonly facts: ServerFacts
  /** The clock of this machine when the facts were read. */
  readonly readAt: number
  readonly migrations: MigrationState
  readonly instances: readonly Instance[]
  readonly hasAccounts: boolean
}

/** A connection of its own that waits for nothing long. */
export function newClient(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'incipit-doctor',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
  })
  client.on('error', () => undefined)
  return client
}

/** Does what needs the runtime of an app, with one that opens nothing and is silent. */
export async function withRuntime<T>(config: LoadedConfig, work: () => T | Promise<T>): Promise<T> {
  setRuntime(createRuntime({ ...config, logging: { ...config.logging, level: 'silent' } }))
  try {
    return await work()
  } finally {
    setRuntime(undefined)
  }
}
