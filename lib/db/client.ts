import { PrismaPg } from '@prisma/adapter-pg'
import type { LoadedConfig } from '../config/load.ts'
import type { Log } from '../log.ts'
import { observePool } from '../telemetry/statements.ts'
import { PrismaClient } from './generated/client.ts'
import { createPool, type Pool, type PoolOptions } from './pool.ts'

/** A Prisma client over a pool of our own, so that we can read its counters and set its limits. */
export interface Connection extends Pool {
  readonly prisma: PrismaClient
  close(): Promise<void>
}

/** The client within a transaction. */
export type Tx = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>

/** Where a pool goes and how large it may be. */
export interface PoolTarget {
  url: string
  applicationName: string
  measured: PoolOptions['measured']
}

/** Opens nothing yet: the first query connects. */
export function createConnection(config: LoadedConfig, target: PoolTarget, log: Log): Connection {
  const { database } = config
  const { pool, reset, renew } = createPool(
    {
      ...target,
      size: database.pool_size,
      max: database.pool_size + database.max_overflow,
      timeoutMs: database.pool_timeout * 1000,
      recycleSeconds: database.pool_recycle,
      queryTimeoutMs: database.query_timeout_ms,
      settings: {
        statement_timeout: database.statement_timeout_ms,
        idle_in_transaction_session_timeout: database.statement_timeout_ms,
        lock_timeout: database.lock_timeout_ms,
        // Many statements run beside each other anyway; one in several processes takes more of all cores than it saves.
        max_parallel_workers_per_gather: 0,
      },
    },
    (error) => log.warn({ err: error }, 'an idle database connection broke'),
  )
  if (config.openTelemetry.traces !== undefined) observePool(pool, target)
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
    reset,
    renew,
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/** Poolers and servers count these as well: no more than the watch needs when one connection is dead. */
const WATCH_CONNECTIONS = 3

/**
 * The connections by which a database is watched. They are no part of the pool: a flood of requests that uses
 * the pool up must not look like a database that is away.
 */
export function createWatchPool(config: LoadedConfig, url: string, log: Log): Pool {
  // The watch gives up by itself, in time of its own; this ends what it left behind.
  const timeout = 3 * config.database.down_after_ms
  return createPool(
    {
      url,
      applicationName: 'incipit-watch',
      size: 1,
      max: WATCH_CONNECTIONS,
      timeoutMs: timeout,
      recycleSeconds: config.database.pool_recycle,
      queryTimeoutMs: timeout,
      settings: { statement_timeout: timeout },
    },
    (error) => log.debug({ err: error }, 'a connection of the watch broke'),
  )
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
