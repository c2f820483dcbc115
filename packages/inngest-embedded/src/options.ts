import type pg from 'pg'
import type { Handler } from './sdk.ts'

/** What the runner logs to; pino's loggers fit. */
export interface RunnerLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface RunnerOptions {
  /** What `inProcessHandler` makes of the functions. */
  handler: Handler
  /** Connections for everything but listening. The runner uses few at a time and ends none. */
  pool: pg.Pool
  /** Where the one listening connection goes. */
  connectionString: string
  /** By a role that may make tables, when the pool's may not; the pool's role gets the rights to their rows. */
  ownerConnectionString?: string | undefined
  log: RunnerLog
  /** Schema of the runner's tables; the queue's is this with `_queue`. Lower-case letters and "_". */
  schema?: string | undefined
  /** Calls of functions at the same time in this instance. */
  workers?: number | undefined
  /** A job whose instance is silent for so long is taken over; at least 10 seconds, as the queue's. */
  leaseMs?: number | undefined
  /** How often due work is looked for besides the notifications. */
  pollMs?: number | undefined
  /** A job that ended its process so often fails. */
  crashes?: number | undefined
  /** The wait before the first retry; it doubles with each, and varies by half. */
  retryMinMs?: number | undefined
  retryMaxMs?: number | undefined
  /** How long runs that have ended are kept. */
  keepMs?: number | undefined
}

export type Settings = Required<Omit<RunnerOptions, 'ownerConnectionString'>> &
  Pick<RunnerOptions, 'ownerConnectionString'>

export function withDefaults(options: RunnerOptions): Settings {
  const schema = options.schema ?? 'inngest_embedded'
  if (!/^[a-z_]{1,40}$/.test(schema))
    throw new Error(`A schema is named with lower-case letters and "_": ${schema}`)
  return {
    ...options,
    schema,
    workers: options.workers ?? 16,
    leaseMs: Math.max(10_000, options.leaseMs ?? 30_000),
    pollMs: options.pollMs ?? 1000,
    crashes: options.crashes ?? 3,
    retryMinMs: options.retryMinMs ?? 1000,
    retryMaxMs: options.retryMaxMs ?? 300_000,
    keepMs: options.keepMs ?? 86_400_000,
  }
}
