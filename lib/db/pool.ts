import pg from 'pg'
import { isOutOfConnections } from './database-error.ts'
import type { DatabaseMeasures, ServerKind } from './measures.ts'
import { watchStatements } from './watch-statements.ts'

export interface PoolOptions {
  url: string
  applicationName: string
  /** Connections that are kept open. */
  size: number
  /** Connections at most. */
  max: number
  /** Time to wait for a connection. */
  timeoutMs: number
  recycleSeconds: number
  queryTimeoutMs: number
  /** Settings of every session, by their names. */
  settings: Readonly<Record<string, number>>
  /** Where waits and statements are counted; left out: nowhere. */
  measured?: { server: ServerKind; measures: DatabaseMeasures }
}

export interface Pool {
  readonly pool: pg.Pool
  /**
   * Breaks open connections; their waiting queries fail at once. After an outage a connection may be dead
   * without a sign, and each would cost a request its whole query timeout to find out.
   * @param except a server, by the time of its start: connections to it are left alone
   */
  readonly reset: (except?: string) => void
  /** Replaces every connection, a busy one at its release: the address may lead elsewhere now. */
  readonly renew: () => void
}

/** Tells a server from the others that an address may lead to: when it was started. Every provider has it. */
export const SERVER = 'SELECT pg_postmaster_start_time()::text AS server'

/** Time for which a pool that was refused another connection keeps to its size. */
const SHRUNK_MS = 2000
/** A pool without any connection tries again after this time. */
const ASK_AGAIN_MS = 100

/**
 * A pool of connections. Settings are made by SET after the connection stands and not as parameters of its
 * start, which poolers refuse.
 * @param onIdleError called when an idle connection breaks
 */
export function createPool(options: PoolOptions, onIdleError: (error: Error) => void): Pool {
  /** With the server that each leads to; undefined until it has said so. */
  const open = new Map<pg.PoolClient, string | undefined>()
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    min: options.size,
    max: options.max,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: options.timeoutMs,
    maxLifetimeSeconds: options.recycleSeconds,
    query_timeout: options.queryTimeoutMs,
    keepAlive: true,
    verify: greeting(options, open),
  })
  const dropped = new WeakSet<pg.PoolClient>()
  const old = new WeakSet<pg.PoolClient>()
  const { measured } = options
  pool.on('connect', (client) => {
    open.set(client, undefined)
    // One that breaks while somebody has it is told by its query; without a listener it would end the process.
    client.on('error', () => undefined)
    if (measured !== undefined) watchStatements(client, measured.server, measured.measures)
  })
  pool.on('remove', (client) => void open.delete(client))
  // The pool lets go of a connection that is ending.
  pool.on('release', (_error, client) => {
    if (old.has(client)) void client.end()
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error, client) => {
    if (!dropped.has(client)) onIdleError(error)
  })
  waitWhenRefused(pool, open, options)
  return {
    pool,
    reset(except) {
      for (const [client, server] of open) {
        if (except !== undefined && server === except) continue
        open.delete(client)
        dropped.add(client)
        client.connection.stream.destroy()
      }
    },
    renew() {
      for (const client of open.keys()) old.add(client)
      for (let idle = pool.idleCount; idle > 0; idle--)
        pool.connect().then(
          (client) => client.release(),
          () => undefined,
        )
    },
  }
}

/** Makes the settings of a new connection, and asks which server it leads to. */
function greeting({ settings }: PoolOptions, open: Map<pg.PoolClient, string | undefined>) {
  const set = Object.entries(settings).map(([name, value]) => `SET ${name} = ${value}`)
  const text = [...set, SERVER].join('; ')
  return (client: pg.PoolClient, done: (error?: Error) => void) =>
    client.query(text, (error: Error | null, result?: pg.QueryResult<{ server?: string }>) => {
      // Several statements have several results.
      if (open.has(client)) open.set(client, [result].flat().at(-1)?.rows[0]?.server)
      done(error ?? undefined)
    })
}

type Callback = Parameters<pg.Pool['connect']>[0]

/**
 * A server may refuse another connection because others hold them all. Then a caller waits for one of the
 * pool's own, as it would in a pool that is full, and for a place on the server when it has none.
 */
function waitWhenRefused(
  pool: pg.Pool,
  open: ReadonlyMap<pg.PoolClient, unknown>,
  { max, timeoutMs, measured }: PoolOptions,
): void {
  const connect = pool.connect.bind(pool)
  let shrunk: NodeJS.Timeout | undefined

  function shrink(): void {
    pool.options.max = open.size
    clearTimeout(shrunk)
    shrunk = setTimeout(() => {
      pool.options.max = max
    }, SHRUNK_MS)
    shrunk.unref()
  }

  function attempt(callback: Callback, deadline: number): void {
    connect((error, client, release) => {
      if (error === undefined || !isOutOfConnections(error) || performance.now() >= deadline)
        return callback(error, client, release)
      const again = () => attempt(callback, deadline)
      if (open.size === 0) return void setTimeout(again, ASK_AGAIN_MS)
      shrink()
      again()
    })
  }

  function connectOrWait(): Promise<pg.PoolClient>
  function connectOrWait(callback: Callback): void
  function connectOrWait(callback?: Callback): Promise<pg.PoolClient> | void {
    if (callback !== undefined) return take(callback)
    return new Promise((resolve, reject) => {
      take((error, client) => {
        if (client === undefined) reject(error ?? new Error('The pool gave no connection.'))
        else resolve(client)
      })
    })
  }

  function take(callback: Callback): void {
    const started = performance.now()
    attempt((error, client, release) => {
      measured?.measures.waited(measured.server, started, error !== undefined)
      callback(error, client, release)
    }, started + timeoutMs)
  }

  pool.connect = connectOrWait
}
