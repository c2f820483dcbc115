import pg from 'pg'
import type { RunnerLog } from './options.ts'

export interface ListenOptions {
  connectionString: string
  channel: string
  /** What instances that belong together have in common. */
  family: string
  log: RunnerLog
  onNotification: (payload: string) => void
  /** After every connection: what was said in between was not heard. */
  onConnect: () => void
}

/**
 * The one connection that listens; it comes back by itself. It also holds a lock that tells other
 * instances that this one lives: the server lets go of it when the process dies.
 */
export interface Listening {
  /** Whether there was no other instance when this one came; others wait until it says share(). */
  readonly alone: boolean
  share(): Promise<void>
  close(): Promise<void>
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5000
const ALIVE_MS = 5000
/** First half of the lock's key. */
const LIVING = 1_229_867

/** Tries to connect, and goes on trying in the background: polling finds what is due until it has. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { connectionString, channel, family, log, onNotification, onConnect } = options
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let wait = FIRST_WAIT_MS
  let closed = false
  let alone = false
  let isFirst = true

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString,
      application_name: 'inngest-listen',
      connectionTimeoutMillis: ALIVE_MS,
      query_timeout: ALIVE_MS,
      keepAlive: true,
    })
    client = next
    next.on('notification', ({ payload }) => onNotification(payload ?? ''))
    next.on('error', () => lose(next))
    next.on('end', () => lose(next))
    try {
      await next.connect()
      alone = isFirst && (await lock(next, 'pg_try_advisory_lock', family))
      if (!alone) await lock(next, 'pg_advisory_lock_shared', family)
      await next.query(`LISTEN ${next.escapeIdentifier(channel)}`)
    } catch (error) {
      log.debug({ err: error }, 'the connection that listens for work could not be made')
      return lose(next)
    }
    if (client !== next) return
    wait = FIRST_WAIT_MS
    onConnect()
    timer = setInterval(() => void probe(next), ALIVE_MS)
  }

  async function probe(open: pg.Client): Promise<void> {
    try {
      await open.query('SELECT')
    } catch {
      lose(open)
    }
  }

  function lose(broken: pg.Client): void {
    if (client !== broken) return
    client = undefined
    abandon(broken)
    clearInterval(timer)
    if (closed) return
    timer = setTimeout(() => void connect(), wait)
    wait = Math.min(2 * wait, LONGEST_WAIT_MS)
  }

  await connect()
  isFirst = false
  return {
    get alone() {
      return alone
    },
    async share() {
      const open = client
      if (!alone || open === undefined) return
      await lock(open, 'pg_advisory_lock_shared', family)
      await lock(open, 'pg_advisory_unlock', family)
      alone = false
    },
    async close() {
      closed = true
      clearInterval(timer)
      const open = client
      client = undefined
      if (open !== undefined) abandon(open)
    },
  }
}

async function lock(client: pg.Client, how: string, family: string): Promise<boolean> {
  const { rows } = await client.query<{ done: unknown }>(`SELECT ${how}($1, hashtext($2)) AS done`, [
    LIVING,
    family,
  ])
  return rows[0]?.done === true
}

/** Ends a connection without waiting for a server that may never answer. */
function abandon(client: pg.Client): void {
  client.end().catch(() => undefined)
  client.connection.stream.destroy()
}
