import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { type Db, type JobInsert, PgBoss } from 'pg-boss'
import { type Sql, transaction } from './database.ts'
import { type Listening, listen } from './listen.ts'
import type { Settings } from './options.ts'

/** What there is to do: the next call of a run, or a run to begin because its time has come. */
export type JobData =
  | {
      run: string
      /** The sleep that has ended. */
      step?: string
      /** Failed calls before this one. */
      attempt: number
    }
  | { cron: string; function: string }

export interface NewJob {
  data: JobData
  priority: number
  /** What its concurrency is counted by, and the function whose limit holds. */
  group?: { id: string; tier: string } | undefined
  /** Seconds from now, by the database's clock. */
  startAfter?: number | undefined
}

/** A job that this instance holds. */
export interface HeldJob {
  id: string
  /** Which holding this is: it goes up each time that one was lost, so each is a process that died with it. */
  retryCount: number
  data: JobData
}

const QUEUE = 'runs'
/** Excludes fetches from each other, so that no two count the same places as free. */
const FETCH_LOCK = 1_229_867_350
/** A holding that the server forgets in a crash of its own leaves a job that waits: nothing is lost. */
const BEGIN_FETCH = `BEGIN; SET LOCAL synchronous_commit = off; SELECT pg_advisory_xact_lock(${FETCH_LOCK})`
/** A job is retried by us, never given up by the queue. */
const NEVER = 1_000_000
const YEARS_SECONDS = 315_360_000

/** How many jobs of a function are in one state, of all instances. */
export interface QueuedJobs {
  /** "other": a function without a limit. */
  functionId: string
  /** later: it sleeps, or waits to be tried again. */
  state: 'waiting' | 'later' | 'running'
  count: number
}

export interface Schedule {
  cron: string
  timezone: string
  function: string
}

export interface QueueOptions {
  settings: Settings
  /** Most calls at the same time, by function; functions without a limit are left out. */
  limits: Readonly<Record<string, number>>
  /** Something may be due. */
  onWork: () => void
}

/** pg-boss, on our pool and our listening connection. */
export class Queue {
  readonly #options: QueueOptions
  readonly #boss: PgBoss
  readonly #named = nameStatements()
  #listening: Listening | undefined

  constructor(options: QueueOptions) {
    const { schema, leaseMs, log } = options.settings
    this.#options = options
    const watch = Math.max(1, Math.round(leaseMs / 3000))
    this.#boss = new PgBoss({
      db: this.#database(),
      schema: `${schema}_queue`,
      // Its tables are there (install.ts): this role may not be able to make them.
      migrate: false,
      createSchema: false,
      useListenNotify: true,
      superviseIntervalSeconds: watch,
      monitorIntervalSeconds: watch,
      flowIntervalSeconds: 3600,
      registerInstance: false,
      monitorVacuum: false,
      openTelemetry: { enabled: false },
    })
    this.#boss.on('error', (error) => log.debug({ err: error }, 'the queue met an error'))
    this.#boss.on('warning', ({ message, data }) => log.debug({ data }, message))
  }

  async start(): Promise<void> {
    await this.#boss.start()
    const lease = {
      heartbeatSeconds: Math.ceil(this.#options.settings.leaseMs / 1000),
      retryLimit: NEVER,
    }
    const queue = { ...lease, notify: true, expireInSeconds: 86_000, retentionSeconds: YEARS_SECONDS }
    await this.#boss.createQueue(QUEUE, queue)
    await this.#boss.updateQueue(QUEUE, queue)
    if (this.#listening?.alone) await this.#takeOver()
    await this.#listening?.share()
  }

  stop(): Promise<void> {
    return this.#boss.stop({ graceful: false, close: false })
  }

  /** Puts jobs in, in the caller's transaction. */
  async insert(jobs: readonly NewJob[], sql: Sql): Promise<void> {
    if (jobs.length === 0) return
    const rows: JobInsert<JobData>[] = jobs.map(({ data, priority, group, startAfter }) => ({
      id: jobId(priority),
      data,
      priority,
      ...(group !== undefined && { group }),
      ...(startAfter !== undefined && { startAfter }),
    }))
    await this.#boss.insert(QUEUE, rows, { db: this.#inside(sql) })
  }

  /** Takes jobs that are due, no more than there are places, at least one. */
  fetch(limit: number): Promise<HeldJob[]> {
    const { limits, settings } = this.#options
    // It stands in the statement's text: few numbers, few statements to plan.
    const batchSize = 2 ** Math.floor(Math.log2(limit))
    if (Object.keys(limits).length === 0) return this.#boss.fetch<JobData>(QUEUE, { batchSize })
    const groupConcurrency = { default: NEVER, tiers: { ...limits } }
    const within = (client: pg.PoolClient) =>
      this.#boss.fetch<JobData>(QUEUE, { batchSize, groupConcurrency, db: this.#inside(client) })
    return transaction(settings.pool, within, BEGIN_FETCH)
  }

  /** Jobs are done. @returns how many had not been taken over. In the caller's transaction. */
  async remove(jobs: readonly HeldJob[], sql: Sql): Promise<number> {
    const answer = await this.#boss.deleteJob(QUEUE, attempts(jobs), { db: this.#inside(sql) })
    return 'affected' in answer ? Number(answer.affected) : 0
  }

  /** What is in the queue. */
  async queued(): Promise<QueuedJobs[]> {
    const { pool, schema } = this.#options.settings
    const { rows } = await pool.query<QueuedJobs>({
      name: 'queue.figures',
      text: `SELECT coalesce(group_tier, 'other') AS "functionId",
          CASE WHEN state = 'active' THEN 'running' WHEN start_after > now() THEN 'later' ELSE 'waiting' END AS state,
          count(*)::integer AS count
        FROM ${schema}_queue.job WHERE name = $1 AND state IN ('created', 'retry', 'active') GROUP BY 1, 2`,
      values: [QUEUE],
    })
    return rows
  }

  /** Says that this instance is alive. */
  touch(jobs: readonly HeldJob[]): Promise<void> {
    const { pool, schema } = this.#options.settings
    return transaction(pool, async (client) => {
      // Those that somebody is just removing need no sign of life. It waits for none of the rows that it shares
      // with them: each statement locks its rows in an order of its own.
      const { rows } = await client.query<{ id: string }>(
        `SELECT id FROM ${schema}_queue.job WHERE name = $1 AND id = ANY ($2::uuid[]) FOR UPDATE SKIP LOCKED`,
        [QUEUE, jobs.map(({ id }) => id)],
      )
      const free = new Set(rows.map(({ id }) => id))
      const own = jobs.filter(({ id }) => free.has(id))
      if (own.length > 0) await this.#boss.touch(QUEUE, attempts(own), { db: this.#inside(client) })
    })
  }

  /** Makes the schedules what they are here. */
  async setSchedules(schedules: readonly Schedule[]): Promise<void> {
    // pg-boss takes letters, digits and few signs in a key.
    const keyOf = (cron: string) => Buffer.from(cron).toString('base64url')
    const wanted = new Map(schedules.map((each) => [`${each.function}/${keyOf(each.cron)}`, each]))
    for (const { key } of await this.#boss.getSchedules(QUEUE))
      if (!wanted.has(key)) await this.#boss.unschedule(QUEUE, key)
    for (const [key, { cron, timezone, function: id }] of wanted)
      await this.#boss.schedule(QUEUE, cron, { cron, function: id }, { tz: timezone, key, missed: 'once' })
  }

  #database(): Db {
    const { pool, connectionString, schema, log } = this.#options.settings
    const { onWork } = this.#options
    return {
      executeSql: (text, values) => pool.query(this.#named(text, values)),
      listen: async (channel, onNotification, onReconnect) => {
        this.#listening = await listen({
          connectionString,
          channel,
          family: schema,
          log,
          onNotification(payload) {
            onNotification(payload)
            onWork()
          },
          onConnect() {
            onReconnect()
            onWork()
          },
        })
        return this.#listening
      },
    }
  }

  /** The caller's transaction, as pg-boss takes it. */
  #inside(sql: Sql): Db {
    return { executeSql: (text, values) => (sql as pg.PoolClient).query(this.#named(text, values)) }
  }

  /** No other instance lives: each holder of a job is dead, and its lease need not be waited for. */
  async #takeOver(): Promise<void> {
    const { pool, schema, log } = this.#options.settings
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM ${schema}_queue.job WHERE name = $1 AND state = 'active'`,
      [QUEUE],
    )
    if (rows.length === 0) return
    log.info({ jobs: rows.length }, 'taking over what an ended process has left')
    const ids = rows.map(({ id }) => id)
    await this.#boss.fail(QUEUE, ids, { message: 'its process ended' })
  }
}

/**
 * An id that sorts as jobs are to be taken. Of a group that has few places left, pg-boss takes the jobs
 * with the lowest ids: with random ones neither priority nor age would count there.
 */
function jobId(priority: number): string {
  const hex = (0x8000 - priority).toString(16).padStart(4, '0') + Date.now().toString(16).padStart(12, '0')
  return (hex + randomBytes(8).toString('hex')).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Jobs with which holding of each is meant: one that was lost to somebody else is left alone. */
function attempts(jobs: readonly HeldJob[]): { id: string; retryCount: number }[] {
  return jobs.map(({ id, retryCount }) => ({ id, retryCount }))
}

/**
 * Gives pg-boss's statements names, so that PostgreSQL plans each of them once a connection: planning takes
 * longer than doing. Bounded, and only those with values, for the others may be several in one text.
 */
function nameStatements(limit = 100): (text: string, values?: unknown[]) => pg.QueryConfig {
  const names = new Map<string, string>()
  return (text, values) => {
    if (values === undefined || values.length === 0) return { text }
    const name = names.get(text) ?? (names.size < limit ? `pgboss.${names.size}` : undefined)
    if (name !== undefined) names.set(text, name)
    return { ...(name !== undefined && { name }), text, values }
  }
}
