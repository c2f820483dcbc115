import pg from 'pg'
import type { Log } from '../../log.ts'
import { CHANNEL } from './notice.ts'

export interface ListenerOptions {
  url: string
  log: Log
  onPayload: (payload: string | undefined) => void
  /** Called after every (re)connection: notifications sent in between were lost. */
  onConnect: () => void
}

const RECONNECT_MIN_MS = 100
const RECONNECT_MAX_MS = 1000

/** The one connection of a process that listens for changes. It reconnects by itself. */
export class Listener {
  readonly #options: ListenerOptions
  #client: pg.Client | undefined
  #retry: NodeJS.Timeout | undefined
  #wait = RECONNECT_MIN_MS
  #isStopped = false

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    this.#isStopped = false
    await this.#connect()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#retry)
    const open = this.#client
    this.#client = undefined
    if (open !== undefined) abandon(open)
  }

  get connected(): boolean {
    return this.#client !== undefined
  }

  /** Reconnects when the poll found changes that no notification announced: the connection may be dead. */
  suspect(missed: number): void {
    if (missed > 0) this.renew()
  }

  /** Reconnects: the address may lead to another server now. */
  renew(): void {
    if (this.#client !== undefined && !this.#isStopped) this.#drop(this.#client, undefined)
  }

  async #connect(): Promise<void> {
    const { url, log, onPayload, onConnect } = this.#options
    const next = new pg.Client({
      connectionString: url,
      application_name: 'incipit-listen',
      connectionTimeoutMillis: 3000,
      query_timeout: 3000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5000,
    })
    next.on('notification', (message) => onPayload(message.payload))
    next.on('error', (error) => this.#drop(next, error))
    next.on('end', () => this.#drop(next, undefined))
    try {
      await next.connect()
      await next.query(`LISTEN ${CHANNEL}`)
    } catch (error) {
      abandon(next)
      log.debug({ err: error }, 'the change feed could not connect')
      return this.#retryLater()
    }
    if (this.#isStopped) return abandon(next)
    this.#client = next
    this.#wait = RECONNECT_MIN_MS
    onConnect()
  }

  #drop(broken: pg.Client, error: Error | undefined): void {
    if (this.#client !== broken) return
    this.#client = undefined
    abandon(broken)
    if (this.#isStopped) return
    this.#options.log.warn({ err: error }, 'the connection that listens for changes broke; reconnecting')
    this.#retryLater()
  }

  #retryLater(): void {
    if (this.#isStopped) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#connect(), this.#wait)
    this.#wait = Math.min(this.#wait * 2, RECONNECT_MAX_MS)
  }
}

/** Ends a connection without waiting for a server that may never answer. */
function abandon(client: pg.Client): void {
  client.end().catch(() => undefined)
  client.connection.stream.destroy()
}
