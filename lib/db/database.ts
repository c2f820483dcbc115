import type { LoadedConfig } from '../config/load.ts'
import type { Log } from '../log.ts'
import { Availability } from './availability.ts'
import { type Connection, createConnection, createWatchPool } from './client.ts'
import { placeOf } from './connect.ts'
import { DatabaseMeasures } from './measures.ts'
import type { Pool } from './pool.ts'
import { createReplicas, type Replicas } from './replicas/replicas.ts'
import { createTroubles, type Troubles } from './troubles.ts'

/** All connections of a process. */
export interface Database {
  readonly url: string
  /** Host, port and name of the primary, for logs. */
  readonly place: string
  /** Takes every write and every read that must be current. */
  readonly primary: Connection
  /** For the change feed alone: it finds out whether the primary answers. */
  readonly watch: Pool
  readonly availability: Availability
  /** The refusals of a primary that answers. */
  readonly troubles: Troubles
  /** For lists and statistics, which may lag a little. */
  readonly replicas: Replicas
  /** What statements and waits for connections cost. */
  readonly measures: DatabaseMeasures
  /**
   * Another server answers at the address: connections to the one of before are of no use, dead or not.
   * @param server the one that answers, by the time of its start
   */
  readonly moved: (server: string) => void
  close(): Promise<void>
}

/** Nothing connects before the first query, so that `next build` can import routes. */
export function createDatabase(config: LoadedConfig, log: Log): Database {
  const url = config.databaseUrl ?? 'postgresql://localhost/DATABASE_URL_is_not_set'
  const place = placeOf(url)
  const measures = new DatabaseMeasures(config.limits)
  const measured = { server: 'primary', measures } as const
  const primary = createConnection(config, { url, applicationName: 'incipit', measured }, log)
  const replicas = createReplicas(config, log, measures)
  const watch = createWatchPool(config, url, log)
  const availability = new Availability()
  const troubles = createTroubles(config.database.trouble_ms)
  availability.onLoss(() => {
    log.warn({ database: place }, 'the database does not answer')
    primary.reset()
  })
  availability.onRecovery(() => log.info({ database: place }, 'the database answers again'))
  troubles.onTrouble((trouble) => {
    if (trouble !== 'read_only') return
    log.warn({ database: place }, 'the database is read-only; connecting anew, to find the one that writes')
    primary.renew()
    watch.renew()
  })
  return {
    url,
    place,
    primary,
    watch,
    availability,
    troubles,
    replicas,
    measures,
    moved(server) {
      log.warn({ database: place, started: server }, 'another database server answers; connecting anew')
      for (const pool of [primary, watch]) pool.reset(server)
    },
    async close() {
      await Promise.all([primary.close(), replicas.close(), watch.pool.end()])
    },
  }
}
