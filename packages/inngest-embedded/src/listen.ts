import pg from 'pg'
import type { RunnerLog } from './options.ts'

export interface ListenOptions {
  connectionString: string
  channel: string
  /** What instances that belong together have in common. */
  family: string
  log: RunnerLog
  onNotification: (payload: string) => void
  /** After every connection: notices in between were not heard. */
  onConnect: () => void
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5000
const ALIVE_MS = 5000
/** First half of the lock's key. */
const LIVING = 1_229_867

/** Tries to connect, and goes on trying in the background: polling finds what is due until it has. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const listening = new Listening(options)
  await listening.open()
  return listening
}

/**
 * The one connection that listens; it comes back by itself. It also holds a lock that tells other
 * instances that this one lives: the server lets go of it when the process dies.
 */
export class Listening {
  readonly #options: ListenOptions
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #wait = FIRST_WAIT_MS
  #isFirst = true
  #isClosed = false
  #alone = false

  constructor(options: ListenOptions) {
    this.#options = options
  }

  /** Whether there was no other instance when this one came; others wait until it says share(). */
  get alone(): boolean {
    return this.#alone
  }

  async open(): Promise<void> {
    await this.#connect()
    this.#isFirst = false
  }

  async share(): Promise<void> {
    const open = this.#client
    if (!this.#alone || open === undefined) return
    await this.#lock(open, 'pg_advisory_lock_shared')
    await this.#lock(open, 'pg_advisory_unlock')
    this.#alone = false
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    const open = this.#client
    this.#client = undefined
    if (open !== undefined) abandon(open)
  }

  async #connect(): Promise<void> {
    const { connectionString, channel, log, onNotification, onConnect } = this.#options
    const next = new pg.Client({
      connectionString,
      application_name: 'inngest-listen',
      connectionTimeoutMillis: ALIVE_MS,
      query_timeout: ALIVE_MS,
      keepAlive: true,
    })
    this.#client = next
    next.on('notification', ({ payload }) => onNotification(payload ?? ''))
    next.on('error', () => this.#lose(next))
    next.on('end', () => this.#lose(next))
    try {
      await next.connect()
      this.#alone = this.#isFirst && (await this.#lock(next, 'pg_try_advisory_lock'))
      if (!this.#alone) await this.#lock(next, 'pg_advisory_lock_shared')
      await next.query(`LISTEN ${next.escapeIdentifier(channel)}`)
    } catch (error) {
      log.debug({ err: error }, 'the connection that listens for work could not be made')
      return this.#lose(next)
    }
    if (this.#client !== next) return
    this.#wait = FIRST_WAIT_MS
    onConnect()
    this.#timer = setInterval(() => void this.#probe(next), ALIVE_MS)
  }

  async #probe(open: pg.Client): Promise<void> {
    try {
      await open.query('SELECT')
    } catch {
      this.#lose(open)
    }
  }

  #lose(broken: pg.Client): void {
    if (this.#client !== broken) return
    this.#client = undefined
    abandon(broken)
    clearInterval(this.#timer)
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.#connect(), this.#wait)
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT_MS)
  }

  async #lock(client: pg.Client, how: string): Promise<boolean> {
    const { rows } = await client.query<{ done: unknown }>(`SELECT ${how}($1, hashtext($2)) AS done`, [
      LIVING,
      this.#options.family,
    ])
    return rows[0]?.done === true
  }
}

/** Ends a connection without waiting for a server that may never answer. */
function abandon(client: pg.Client): void {
  client.end().catch(() => undefined)
  client.connection.stream.destroy()
}
