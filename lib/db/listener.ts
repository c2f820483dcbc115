import pg from 'pg'
import type { Log } from '../log.ts'
import { CHANNEL } from './notice.ts'

export interface ListenerOptions {
  url: string
  log: Log
  onPayload: (payload: string | undefined) => void
  /** After every (re)connection: notifications sent in between were lost. */
  onConnect: () => void
}

/** The one connection of a process that listens for changes; it reconnects by itself. */
export interface Listener {
  start(): Promise<void>
  stop(): Promise<void>
  readonly connected: boolean
  /** Says that the poll found changes which no notification had told: the connection may be dead. */
  suspect(missed: number): void
  /** Connects anew: the address may lead to another server now. */
  renew(): void
}

const RECONNECT_MIN_MS = 100
const RECONNECT_MAX_MS = 5000

export function createListener({ url, log, onPayload, onConnect }: ListenerOptions): Listener {
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let wait = RECONNECT_MIN_MS
  let stopped = false

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'incipit-listen',
      connectionTimeoutMillis: 3000,
      query_timeout: 3000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5000,
    })
    next.on('notification', (message) => onPayload(message.payload))
    next.on('error', (error) => drop(next, error))
    next.on('end', () => drop(next, undefined))
    try {
      await next.connect()
      await next.query(`LISTEN ${CHANNEL}`)
    } catch (error) {
      abandon(next)
      log.debug({ err: error }, 'the change feed could not connect')
      return again()
    }
    if (stopped) return abandon(next)
    client = next
    wait = RECONNECT_MIN_MS
    onConnect()
  }

  function drop(broken: pg.Client, error: Error | undefined): void {
    if (client !== broken) return
    client = undefined
    abandon(broken)
    if (stopped) return
    log.warn({ err: error }, 'the connection that listens for changes broke; reconnecting')
    again()
  }

  function again(): void {
    if (stopped) return
    clearTimeout(retry)
    retry = setTimeout(() => void connect(), wait)
    wait = Math.min(wait * 2, RECONNECT_MAX_MS)
  }

  return {
    async start() {
      stopped = false
      await connect()
    },
    async stop() {
      stopped = true
      clearTimeout(retry)
      const open = client
      client = undefined
      if (open !== undefined) abandon(open)
    },
    get connected() {
      return client !== undefined
    },
    suspect(missed) {
      if (missed > 0) this.renew()
    },
    renew() {
      if (client !== undefined && !stopped) drop(client, undefined)
    },
  }
}

/** Ends a connection without waiting for a server that may never answer. */
function abandon(client: pg.Client): void {
  client.end().catch(() => undefined)
  client.connection.stream.destroy()
}
