import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { LoadedConfig } from '../config/load.ts'
import type { Log } from '../log.ts'
import { PrismaClient } from './generated/client.ts'

/** A Prisma client over a pool of our own, whose counters and limits we can read and set. */
export interface Connection {
  readonly prisma: PrismaClient
  readonly pool: pg.Pool
  /**
   * Breaks every open connection; what waits on one fails at once. After an outage a connection may be
   * dead without a sign, and each would cost a request its whole query timeout to find out.
   */
  reset(): void
  close(): Promise<void>
}

/** What a transaction of the client offers. */
export type Tx = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>

/** Where a pool goes and how large it may be. */
export interface PoolTarget {
  url: string
  applicationName: string
}

/** Opens nothing yet: the first query connects. */
export function createConnection(config: LoadedConfig, target: PoolTarget, log: Log): Connection {
  const { database } = config
  const size = database.pool_size ?? (config.embedded ? 10 : 20)
  const overflow = database.max_overflow ?? (config.embedded ? 10 : 30)
  const pool = new pg.Pool({
    connectionString: target.url,
    application_name: target.applicationName,
    min: size,
    max: size + overflow,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: database.pool_timeout * 1000,
    maxLifetimeSeconds: database.pool_recycle,
    statement_timeout: database.statement_timeout_ms,
    query_timeout: database.query_timeout_ms,
    idle_in_transaction_session_timeout: database.statement_timeout_ms,
    keepAlive: true,
  })
  const open = new Set<pg.PoolClient>()
  const dropped = new WeakSet<pg.PoolClient>()
  pool.on('connect', (client) => void open.add(client))
  pool.on('remove', (client) => void open.delete(client))
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error, client) => {
    if (!dropped.has(client)) log.warn({ err: error }, 'an idle database connection broke')
  })
  const adapter = new PrismaPg(pool, {
    statementNameGenerator: statementNames(),
    onPoolError: () => undefined,
    onConnectionError: (error) => log.debug({ err: error }, 'a database connection broke'),
  })
  const prisma = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: database.pool_timeout * 1000, timeout: database.statement_timeout_ms },
  })
  return {
    prisma,
    pool,
    reset() {
      for (const client of open) {
        dropped.add(client)
        client.connection.stream.destroy()
      }
      open.clear()
    },
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/**
 * The connections by which the change feed watches a database. They are no part of the pool: a flood of
 * requests that uses the pool up must not look like a database that is away.
 */
export function createWatchPool(config: LoadedConfig, url: string, log: Log): pg.Pool {
  // The watch gives up by itself, in time of its own; this ends what it left behind.
  const timeout = 3 * config.database.down_after_ms
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'incipit-watch',
    max: 6,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    keepAlive: true,
  })
  pool.on('error', (error) => log.debug({ err: error }, 'a connection of the watch broke'))
  return pool
}

/**
 * Names for prepared statements: the same text gets the same name, so PostgreSQL plans it once a
 * connection. Bounded, since texts whose lists vary in length must not pile up on the server: past the
 * limit the empty name means an unnamed statement.
 */
function statementNames(limit = 500): (query: { sql: string }) => string {
  const names = new Map<string, string>()
  return ({ sql }) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (names.size >= limit) return ''
    const name = `s${names.size}`
    names.set(sql, name)
    return name
  }
}
