import type pg from 'pg'
import type { LoadedConfig } from '../config/load.ts'
import type { Log } from '../log.ts'
import { type Availability, createAvailability } from './availability.ts'
import { type Connection, createConnection, createWatchPool } from './client.ts'

/** All connections of a process. */
export interface Database {
  readonly url: string
  /** Takes every write and every read that must be current. */
  readonly primary: Connection
  /** For the change feed alone: it finds out whether the primary answers. */
  readonly watch: pg.Pool
  readonly availability: Availability
  /** For lists and statistics, which may lag a little: the replicas in turn, else the primary. */
  readonly replicaPool: () => pg.Pool
  close(): Promise<void>
}

/** Nobody connects before the first query, so that `next build` can import routes. */
export function createDatabase(config: LoadedConfig, log: Log): Database {
  const url = config.databaseUrl ?? 'postgresql://localhost/DATABASE_URL_is_not_set'
  const primary = createConnection(config, { url, applicationName: 'incipit' }, log)
  const replicas = config.database.replicas.map((replica) =>
    createConnection(config, { url: replica, applicationName: 'incipit-replica' }, log),
  )
  const watch = createWatchPool(config, url, log)
  const availability = createAvailability()
  availability.onLoss(() => primary.reset())
  let turn = 0
  return {
    url,
    primary,
    watch,
    availability,
    replicaPool: () => (replicas[turn++ % Math.max(1, replicas.length)] ?? primary).pool,
    async close() {
      await Promise.all([primary, ...replicas].map((connection) => connection.close()))
      await watch.end()
    },
  }
}
