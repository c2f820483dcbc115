import type { PoolClient } from 'pg'
import { isUnreachable } from '../db/database-error.ts'
import type { Counts } from '../durations.ts'
import type { Log } from '../log.ts'
import { LogThrottle } from '../log-throttle.ts'
import { addCounter, addGauge, askForMetrics, countsOf } from '../metrics.ts'
import { getRuntime } from '../runtime.ts'

/** One task of periodic maintenance. */
export interface UpkeepStep {
  name: string
  /** Time after a success until the step is due again. */
  everyMs: number
  /**
   * Does a bounded part of the work. To run it twice changes nothing.
   * @returns true when work is left: the step is due again at the next round
   */
  run(now: Date): Promise<unknown>
}

export interface Upkeep {
  readonly steps: readonly UpkeepStep[]
  /**
   * Runs the steps that are due, unless another instance runs them. A failed step does not hold up the others,
   * and a long one does not hold up the steps of another pace.
   * @param all runs every step, due or not
   */
  round(all?: boolean): Promise<void>
  /** Failures of each step in this process. */
  readonly failures: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/**
 * Advisory lock, with a pace in seconds as its second key: its holder runs the steps of that pace. The database
 * releases it when the process dies.
 */
const LOCK = 1_229_867_351
/** Rounds of several instances do not begin at the same moment: a step is due a little before its time. */
const EARLY_MS = 5000
/** A clock that differs from the time that passed by more than this was set, or the machine slept. */
const JUMP_MS = 60_000

/** Starts a round now and every `limits.upkeep_ms`. */
export function startUpkeep(steps: readonly UpkeepStep[]): Upkeep {
  const runtime = getRuntime()
  return runtime.once('upkeep', () => {
    const upkeep = createUpkeep(steps, runtime.log)
    holder().upkeep = upkeep
    const everyMs = runtime.config.limits.upkeep_ms
    const hasJumped = clockWatch()
    const timer = setInterval(() => void upkeep.round(hasJumped()), everyMs)
    timer.unref()
    runtime.onShutdown('drain', 'upkeep', () => clearInterval(timer))
    runtime.onShutdown('close', 'upkeep', () => upkeep.stop())
    void upkeep.round()
    return upkeep
  })
}

const holder = (): { upkeep?: Upkeep } => getRuntime().once('upkeep.running', () => ({}))

/** The upkeep of this process; undefined: it has not started. */
export function runningUpkeep(): Upkeep | undefined {
  return holder().upkeep
}

/** Returns a function that tells whether the clock was set since its last call. */
export function clockWatch(clock = Date.now, passed = () => performance.now()): () => boolean {
  let before = clock() - passed()
  return () => {
    const now = clock() - passed()
    const hasJumped = Math.abs(now - before) > JUMP_MS
    before = now
    return hasJumped
  }
}

/** The upkeep over some steps; nothing runs before the first round. */
export function createUpkeep(steps: readonly UpkeepStep[], log: Log): Upkeep {
  const results = new ResultLog(log)
  const lists = [...Map.groupBy(steps, ({ everyMs }) => everyMs)].map(
    ([everyMs, list]) => new StepList(list, Math.round(everyMs / 1000), results),
  )
  const onError = (error: unknown) => log.debug({ err: error }, 'the upkeep could not begin')
  return {
    steps,
    failures: results.failures,
    async round(all = false) {
      await Promise.all(lists.map((list) => list.round(all).catch(onError)))
    },
    async stop() {
      await Promise.all(lists.map((list) => list.stop()))
    },
  }
}

/**
 * The steps of one pace, one after another. Hourly steps may take long while requests wait for the steps of every
 * minute, so each pace has a lock of its own.
 */
class StepList {
  readonly #steps: readonly UpkeepStep[]
  /** Seconds between two runs of a step. */
  readonly #pace: number
  readonly #results: ResultLog
  #running: Promise<void> | undefined
  #isStopped = false

  constructor(steps: readonly UpkeepStep[], pace: number, results: ResultLog) {
    this.#steps = steps
    this.#pace = pace
    this.#results = results
  }

  round(all: boolean): Promise<void> {
    this.#running ??= this.#round(all).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running?.catch(() => undefined)
  }

  async #round(all: boolean): Promise<void> {
    const { availability, primary } = getRuntime().database
    if (this.#isStopped || availability.down) return
    const client = await primary.pool.connect()
    let broken: Error | undefined
    const onError = (error: Error) => void (broken = error)
    client.on('error', onError)
    try {
      if (await lock(client, this.#pace)) {
        await this.#runDueSteps(client, all)
        await client.query('SELECT pg_advisory_unlock($1, $2)', [LOCK, this.#pace])
      }
    } catch (error) {
      // A closed connection releases the lock.
      broken = error instanceof Error ? error : new Error(String(error))
      throw error
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }

  async #runDueSteps(client: PoolClient, all: boolean): Promise<void> {
    const isDue = all ? () => true : await dueSteps(client)
    for (const step of this.#steps) {
      if (this.#isStopped || !isDue(step)) continue
      try {
        const isMore = await step.run(new Date())
        if (isMore !== true) await client.query(DONE, [step.name])
        this.#results.succeeded(step)
      } catch (error) {
        this.#results.failed(step, error)
      }
    }
  }
}

async function lock(client: PoolClient, pace: number): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS held', [
    LOCK,
    pace,
  ])
  return rows[0]?.held === true
}

/** Decides by the database's clock, which all instances share. A success in the future is wrong: the step is due. */
async function dueSteps(client: PoolClient): Promise<(step: UpkeepStep) => boolean> {
  const { rows } = await client.query<{ step: string; ms: number }>(
    `SELECT step, (extract(epoch FROM now() - succeeded_at) * 1000)::float8 AS ms FROM upkeep`,
  )
  const since = new Map(rows.map(({ step, ms }) => [step, ms]))
  return ({ name, everyMs }) => {
    const ms = since.get(name)
    return ms === undefined || ms < -JUMP_MS || ms >= everyMs - EARLY_MS
  }
}

const DONE = `INSERT INTO upkeep (step, succeeded_at) VALUES ($1, clock_timestamp())
  ON CONFLICT (step) DO UPDATE SET succeeded_at = excluded.succeeded_at`

const FAILURES = 'incipit_upkeep_failures_total'

/** Logs when a step begins to fail, once an hour while it fails, and when it works again. */
class ResultLog {
  readonly failures: Counts = countsOf(FAILURES)
  readonly #throttle = new LogThrottle()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  succeeded({ name }: UpkeepStep): void {
    if (this.#throttle.succeeded(name)) this.#log.info({ step: name }, 'the upkeep works again')
  }

  failed({ name }: UpkeepStep, error: unknown): void {
    this.failures.add(name)
    if (isUnreachable(error))
      return this.#log.debug({ err: error, step: name }, 'the upkeep waits for the database')
    if (this.#throttle.failed(name))
      this.#log.warn(
        { err: error, step: name },
        'a step of the upkeep failed; it is tried again every minute',
      )
  }
}

/** Adds to /metrics each step's pace, its last success in any instance, and its failures in this one. */
export function addUpkeepMetrics(steps: readonly UpkeepStep[]): void {
  addGauge({
    name: 'incipit_upkeep_last_success_timestamp_seconds',
    help: 'When each step of the upkeep was done last, by any instance, in seconds since 1970',
    labelNames: ['step'],
    async collect() {
      const last = await askForMetrics<{ step: string; at: number }>(LAST)
      for (const { step, at } of last ?? []) this.set({ step }, at)
    },
  })
  addGauge({
    name: 'incipit_upkeep_interval_seconds',
    help: 'How often each step of the upkeep is due',
    labelNames: ['step'],
    collect() {
      for (const { name, everyMs } of steps) this.set({ step: name }, everyMs / 1000)
    },
  })
  addCounter({
    name: FAILURES,
    help: 'Steps of the upkeep that failed in this process',
    labelNames: ['step'],
  })
}

const LAST = {
  name: 'upkeep.last',
  text: 'SELECT step, extract(epoch FROM succeeded_at)::float8 AS at FROM upkeep',
}
