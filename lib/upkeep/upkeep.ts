import type { PoolClient } from 'pg'
import { isUnreachable } from '../db/database-error.ts'
import { createFailureTeller } from '../failure-teller.ts'
import type { Log } from '../log.ts'
import { getRuntime } from '../runtime.ts'
import { Gauge } from 'prom-client'
import { askForMetrics, metrics, mirrorCounts } from '../metrics.ts'

/** Something that keeps the data in order, now and then. */
export interface UpkeepStep {
  name: string
  /** How long after a success it is due again. */
  everyMs: number
  /**
   * Does a bounded part of what there is; doing it again changes nothing.
   * @returns true when there is more: it is due again at the next look
   */
  run(now: Date): Promise<unknown>
}

export interface Upkeep {
  /**
   * Does what is due, unless another instance is at it. A step that fails keeps none of the others, and one that
   * takes long none of another pace.
   * @param all whatever was done before
   */
  round(all?: boolean): Promise<void>
  /** Failures of each step in this process. */
  readonly failures: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/**
 * The instance that holds it, with a pace in seconds, does the steps of that pace; the database lets go of it when
 * the process dies.
 */
const LOCK = 1_229_867_351
/** Looks of several instances do not come at the same moment: a step is due a little before its time. */
const EARLY_MS = 5000
/** A clock that moves by more than this against the time that passed was set, or the machine slept. */
const JUMP_MS = 60_000

/** Starts to look, every `limits.upkeep_ms` and at once, what is due. */
export function startUpkeep(steps: readonly UpkeepStep[]): Upkeep {
  const runtime = getRuntime()
  return runtime.once('upkeep', () => {
    const upkeep = createUpkeep(steps, runtime.log)
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

/** Says at each call whether the clock was set since the one before. */
export function clockWatch(clock = Date.now, passed = () => performance.now()): () => boolean {
  let before = clock() - passed()
  return () => {
    const now = clock() - passed()
    const hasJumped = Math.abs(now - before) > JUMP_MS
    before = now
    return hasJumped
  }
}

export function createUpkeep(steps: readonly UpkeepStep[], log: Log): Upkeep {
  const failures = new Map<string, number>()
  const tell = createTeller(log, failures)
  const lists = [...Map.groupBy(steps, ({ everyMs }) => everyMs)].map(([everyMs, list]) =>
    createList(list, Math.round(everyMs / 1000), tell),
  )
  return {
    failures,
    async round(all = false) {
      await Promise.all(
        lists.map((list) =>
          list.round(all).catch((error: unknown) => log.debug({ err: error }, 'the upkeep could not begin')),
        ),
      )
    },
    async stop() {
      await Promise.all(lists.map((list) => list.stop()))
    },
  }
}

/**
 * The steps of one pace, one after another. Those that are due every hour may take long; those of every minute
 * are what somebody waits for, so each pace has a lock of its own and waits for none of the others.
 */
function createList(steps: readonly UpkeepStep[], pace: number, tell: Teller) {
  let running: Promise<void> | undefined
  let isStopped = false

  async function round(all: boolean): Promise<void> {
    const { availability, primary } = getRuntime().database
    if (isStopped || availability.down) return
    const client = await primary.pool.connect()
    let broken: Error | undefined
    const onError = (error: Error) => void (broken = error)
    client.on('error', onError)
    try {
      if (await lock(client, pace)) {
        await doWhatIsDue(client, all)
        await client.query('SELECT pg_advisory_unlock($1, $2)', [LOCK, pace])
      }
    } catch (error) {
      // Closing the connection lets go of the lock.
      broken = error instanceof Error ? error : new Error(String(error))
      throw error
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }

  async function doWhatIsDue(client: PoolClient, all: boolean): Promise<void> {
    const isDue = all ? () => true : await dueSteps(client)
    for (const step of steps) {
      if (isStopped || !isDue(step)) continue
      try {
        const isMore = await step.run(new Date())
        if (isMore !== true) await client.query(DONE, [step.name])
        tell.success(step)
      } catch (error) {
        tell.failure(step, error)
      }
    }
  }

  return {
    round(all: boolean): Promise<void> {
      running ??= round(all).finally(() => {
        running = undefined
      })
      return running
    },
    async stop(): Promise<void> {
      isStopped = true
      await running?.catch(() => undefined)
    },
  }
}

async function lock(client: PoolClient, pace: number): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS held', [
    LOCK,
    pace,
  ])
  return rows[0]?.held === true
}

/** By the database's clock, which all instances share. One that is in the future was set wrongly: it is due. */
async function dueSteps(client: PoolClient): Promise<(step: UpkeepStep) => boolean> {
  const { rows } = await client.query<{ step: string; ms: number }>(
    `SELECT step, (extract(epoch FROM now() - succeeded_at) * 1000)::float8 AS ms FROM upkeep`,
  )
  const since = new Map(rows.map(({ step, ms }) => [step, ms]))
  return ({ name, everyMs }) => {
    const ms = since.get(name)
    return ms === undefined || ms < 0 || ms >= everyMs - EARLY_MS
  }
}

const DONE = `INSERT INTO upkeep (step, succeeded_at) VALUES ($1, clock_timestamp())
  ON CONFLICT (step) DO UPDATE SET succeeded_at = excluded.succeeded_at`

type Teller = ReturnType<typeof createTeller>

/** Says when a step begins to fail, once an hour while it does, and when it works again. */
function createTeller(log: Log, failures: Map<string, number>) {
  const teller = createFailureTeller()
  return {
    success({ name }: UpkeepStep): void {
      if (teller.works(name)) log.info({ step: name }, 'the upkeep works again')
    },
    failure({ name }: UpkeepStep, error: unknown): void {
      failures.set(name, (failures.get(name) ?? 0) + 1)
      if (isUnreachable(error))
        return log.debug({ err: error, step: name }, 'the upkeep waits for the database')
      if (teller.failed(name))
        log.warn({ err: error, step: name }, 'a step of the upkeep failed; it is tried again every minute')
    },
  }
}

/** Adds to /metrics when each step was done last, by whichever instance, and what failed in this one. */
export function addUpkeepMetrics(upkeep: Upkeep): void {
  const gauge = new Gauge({
    name: 'incipit_upkeep_last_success_timestamp_seconds',
    help: 'When each step of the upkeep was done last, by any instance, in seconds since 1970',
    labelNames: ['step'],
    registers: [],
    async collect() {
      const last = await askForMetrics<{ step: string; at: number }>(LAST)
      for (const { step, at } of last ?? []) gauge.set({ step }, at)
    },
  })
  metrics().registry.registerMetric(gauge)
  mirrorCounts(
    'incipit_upkeep_failures_total',
    'Steps of the upkeep that failed in this process',
    ['step'],
    () => upkeep.failures,
  )
}

const LAST = {
  name: 'upkeep.last',
  text: 'SELECT step, extract(epoch FROM succeeded_at)::float8 AS at FROM upkeep',
}
