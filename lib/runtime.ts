import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type LoadedConfig, loadConfig } from './config/load.ts'
import { ChangeFeed } from './db/changes/feed.ts'
import { createDatabase, type Database } from './db/database.ts'
import { createLog, type Log } from './log.ts'
import { followLog } from './telemetry/follow-log.ts'
import { RecentTroubles } from './telemetry/recent-troubles.ts'
import { noTelemetry, type Telemetry } from './telemetry/telemetry.ts'

/** The first handler of every request of the production server, before Next. */
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
  /** The last warnings and errors of the log. */
  readonly recent: RecentTroubles
  readonly database: Database
  readonly feed: ChangeFeed
  /** What others are told of the work here: nothing until it is started, and switched on. */
  readonly telemetry: Telemetry
  readonly startedAt: number
  phase: Phase
  /** The step that the start waits for, for /health/ready and the log. */
  waitingFor: string | undefined
  /** Set by instrumentation.ts, asked by server.js. */
  edge: Edge | undefined
  /** A domain's own state (a cache, a buffer). The first use creates it, and every copy of the code shares it. */
  once<T>(key: string, create: (runtime: Runtime) => T): T
  /** Registers what must happen at shutdown; `drain` runs first (streams), then `close` (buffers), then the database. */
  onShutdown(stage: 'drain' | 'close', name: string, run: () => Promise<void> | void): void
  /**
   * Ends readiness while everything is still served, so that load balancers send their requests elsewhere.
   * @returns for how many milliseconds; 0 when the process never was ready
   */
  announceShutdown(): number
  /** Ends readiness and the open streams. */
  beginShutdown(): Promise<void>
  close(): Promise<void>
}

/** Load balancers probe every few seconds. */
const DRAIN_MS = 5_000
/** Part of the time for shutdown in which the last spans and lines may be sent. */
const FLUSH_SHARE = 0.15

const KEY = Symbol.for('incipit')
const home = globalThis as { [KEY]?: Runtime }

/** The runtime of this process; the first caller creates it. Connects to nothing. */
export function getRuntime(): Runtime {
  home[KEY] ??= createRuntime(loadConfig())
  return home[KEY]
}

/** Replaces the runtime of this process; for tests and scripts. */
export function setRuntime(runtime: Runtime | undefined): void {
  if (runtime === undefined) delete home[KEY]
  else home[KEY] = runtime
}

/** Steps of a shutdown by name. One that fails is logged and keeps none of the others from running. */
class ShutdownSteps {
  readonly #steps = new Map<string, () => Promise<void> | void>()

  add(name: string, step: () => Promise<void> | void): void {
    this.#steps.set(name, step)
  }

  async run(log: Log): Promise<void> {
    for (const [name, step] of this.#steps) {
      try {
        await step()
      } catch (error) {
        log.error({ err: error, step: name }, 'a shutdown step failed')
      }
    }
    this.#steps.clear()
  }
}

/** Creates a runtime. It connects to nothing yet. */
export function createRuntime(config: LoadedConfig): Runtime {
  const recent = new RecentTroubles()
  const telemetry = noTelemetry()
  const log = createLog(
    config.logging,
    undefined,
    followLog(config, telemetry, (line) => recent.note(line)),
  )
  const database = createDatabase(config, log)
  const feed = createFeed(config, log, database)
  const singletons = new Map<string, unknown>()
  const steps = { drain: new ShutdownSteps(), close: new ShutdownSteps() }
  const runtime: Runtime = {
    config,
    log,
    recent,
    database,
    feed,
    telemetry,
    startedAt: Date.now(),
    phase: 'starting',
    waitingFor: 'start',
    edge: undefined,
    once<T>(key: string, create: (runtime: Runtime) => T): T {
      if (!singletons.has(key)) singletons.set(key, create(runtime))
      // The line above, in this copy of the code or another, wrote a T under this key.
      return singletons.get(key) as T
    },
    onShutdown: (stage, name, step) => steps[stage].add(name, step),
    announceShutdown() {
      if (runtime.phase !== 'ready') return 0
      runtime.phase = 'draining'
      return config.limits.drain_ms ?? (config.embedded ? 0 : DRAIN_MS)
    },
    async beginShutdown() {
      if (runtime.phase === 'closed') return
      runtime.phase = 'draining'
      await steps.drain.run(log)
    },
    async close() {
      if (runtime.phase === 'closed') return
      await runtime.beginShutdown()
      await steps.close.run(log)
      await feed.stop()
      await database.close()
      runtime.phase = 'closed'
      // Last, so that it tells of the end as well.
      await telemetry.flush?.(config.limits.shutdown_ms * FLUSH_SHARE)
    },
  }
  return runtime
}

function createFeed(config: LoadedConfig, log: Log, database: Database): ChangeFeed {
  return new ChangeFeed({
    url: database.url,
    pool: database.watch.pool,
    availability: database.availability,
    troubles: database.troubles,
    onMove: database.moved,
    log,
    pollIntervalMs: config.database.poll_interval_ms,
    downAfterMs: config.database.down_after_ms,
  })
}
