import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type LoadedConfig, loadConfig } from './config/load.ts'
import { type ChangeFeed, createChangeFeed } from './db/change-feed.ts'
import { createDatabase, type Database } from './db/database.ts'
import { createLog, type Log } from './log.ts'

/** What the production server hands everything to, before Next sees it. */
export interface Edge {
  /** Gives the server its times and its connections their watch. Called once, before it listens. */
  attach(server: Server): void
  /** Answers a request, or lets Next do it. Never throws. */
  serve(request: IncomingMessage, response: ServerResponse, next: () => void): void
}

export type Phase = 'starting' | 'ready' | 'draining' | 'closed'

/**
 * The one object that holds state. Next bundles pages, routes and instrumentation apart, so modules
 * exist several times in a process; this object exists once, on globalThis.
 */
export interface Runtime {
  readonly config: LoadedConfig
  readonly log: Log
  readonly database: Database
  readonly feed: ChangeFeed
  readonly startedAt: number
  phase: Phase
  /** Why the start has not finished yet, for /health/ready and the log. */
  waitingFor: string | undefined
  /** Set by instrumentation.ts, asked by server.js. */
  edge: Edge | undefined
  /** A domain's own state (a cache, a buffer), made at its first use and shared by every copy of the code. */
  once<T>(key: string, create: (runtime: Runtime) => T): T
  /** Registers what must happen at shutdown; `drain` runs first (streams), then `close` (buffers), then the database. */
  onShutdown(stage: 'drain' | 'close', name: string, run: () => Promise<void> | void): void
  /**
   * Not ready any more, and everything is served for a while, so that balancers send their requests elsewhere.
   * @returns for how many milliseconds; 0 when it never was ready
   */
  announceShutdown(): number
  /** Not ready any more; streams are told to end. */
  beginShutdown(): Promise<void>
  close(): Promise<void>
}

/** Balancers probe every few seconds. */
const DRAIN_MS = 5_000

const KEY = Symbol.for('incipit')
const home = globalThis as { [KEY]?: Runtime }

/** The runtime of this process; the first caller creates it. Connects to nothing. */
export function getRuntime(): Runtime {
  home[KEY] ??= createRuntime(loadConfig())
  return home[KEY]
}

/** For tests and scripts: puts a runtime of one's own in place. */
export function setRuntime(runtime: Runtime | undefined): void {
  if (runtime === undefined) delete home[KEY]
  else home[KEY] = runtime
}

export function createRuntime(config: LoadedConfig): Runtime {
  const log = createLog(config.logging)
  const database = createDatabase(config, log)
  const feed = createChangeFeed({
    url: database.url,
    pool: database.watch.pool,
    availability: database.availability,
    troubles: database.troubles,
    log,
    pollIntervalMs: config.database.poll_interval_ms,
    downAfterMs: config.database.down_after_ms,
  })
  const singletons = new Map<string, unknown>()
  const stages = {
    drain: new Map<string, () => Promise<void> | void>(),
    close: new Map<string, () => Promise<void> | void>(),
  }

  async function run(stage: 'drain' | 'close'): Promise<void> {
    for (const [name, step] of stages[stage]) {
      try {
        await step()
      } catch (error) {
        log.error({ err: error, step: name }, 'a shutdown step failed')
      }
    }
    stages[stage].clear()
  }

  const runtime: Runtime = {
    config,
    log,
    database,
    feed,
    startedAt: Date.now(),
    phase: 'starting',
    waitingFor: 'start',
    edge: undefined,
    once<T>(key: string, create: (runtime: Runtime) => T): T {
      if (!singletons.has(key)) singletons.set(key, create(runtime))
      // Written under this key by the line above, in this copy of the code or another.
      return singletons.get(key) as T
    },
    onShutdown: (stage, name, step) => void stages[stage].set(name, step),
    announceShutdown() {
      if (runtime.phase !== 'ready') return 0
      runtime.phase = 'draining'
      return config.limits.drain_ms ?? (config.embedded ? 0 : DRAIN_MS)
    },
    async beginShutdown() {
      if (runtime.phase === 'closed') return
      runtime.phase = 'draining'
      await run('drain')
    },
    async close() {
      if (runtime.phase === 'closed') return
      await runtime.beginShutdown()
      await run('close')
      await feed.stop()
      await database.close()
      runtime.phase = 'closed'
    },
  }
  return runtime
}
