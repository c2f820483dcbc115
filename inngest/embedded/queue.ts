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
      /** The one step to call; without it, find out what is next. */
      step?: string
      /** That step has slept: nothing is to be called for it. */
      wake?: true
      /** Failed calls before this one. */
      attempt: number
    }
  | { cron: string; function: string }

export interface NewJob {
  data: JobData
  priority: number
  /** What its concurrency is counted by, and the function whose limit holds. */
  group?: { id: string; tier: string } | undefined
  /** A time of the database's clock, or seconds from now. */
  startAfter?: Date | number | undefined
}

/** A job that this instance holds. */
export interface HeldJob {
  id: string
  /** Which holding this is: it goes up each time that one was lost, so each is a process that died with it. */
  retryCount: number
  data: JobData
}

export interface Queue {
  start(): Promise<void>
  stop(): Promise<void>
  /** Puts jobs in, in the caller's transaction. */
  insert(jobs: readonly NewJob[], sql: Sql): Promise<void>
  /** Takes jobs that are due, no more than there are places, at least one. */
  fetch(limit: number): Promise<HeldJob[]>
  /** Jobs are done. @returns how many had not been taken over. In the caller's transaction. */
  remove(jobs: readonly HeldJob[], sql: Sql): Promise<number>
  /** Says that this instance is alive. */
  touch(jobs: readonly HeldJob[]): Promise<void>
  /** Makes the schedules what they are here. */
  setSchedules(schedules: readonly { cron: string; timezone: string; function: string }[]): Promise<void>
  /** Jobs that wait or run, everywhere. */
  count(): Promise<{ waiting: number; running: number }>
}

const QUEUE = 'runs'
/** Excludes fetches from each other, so that no two count the same places as free. */
const FETCH_LOCK = 1_229_867_350
/** A holding that the server forgets in a crash of its own leaves a job that waits: nothing is lost. */
const BEGIN_FETCH = `BEGIN; SET LOCAL synchronous_commit = off; SELECT pg_advisory_xact_lock(${FETCH_LOCK})`
/** A job is retried by us, never given up by the queue. */
const NEVER = 1_000_000
const YEARS_SECONDS = 315_360_000

export interface QueueOptions {
  settings: Settings
  /** Most calls at the same time, by function; functions without a limit are left out. */
  limits: Readonly<Record<string, number>>
  /** Something may be due. */
  onWork: () => void
}

/** pg-boss, on our pool and our listening connection. */
export function createQueue({ settings, limits, onWork }: QueueOptions): Queue {
  const { pool, log, schema, leaseMs } = settings
  let listening: Listening | undefined
  const named = nameStatements()
  const db: Db = {
    executeSql: (text, values) => pool.query(named(text, values)),
    async listen(channel, onNotification, onReconnect) {
      listening = await listen({
        connectionString: settings.connectionString,
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
      return listening
    },
  }
  const watch = Math.max(1, Math.round(leaseMs / 3000))
  const boss = new PgBoss({
    db,
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
  boss.on('error', (error) => log.debug({ err: error }, 'the queue met an error'))
  boss.on('warning', ({ message, data }) => log.debug({ data }, message))
  /** Nobody else lives: whoever holds a job is dead, and its lease need not be waited for. */
  async function takeOver(): Promise<void> {
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM ${schema}_queue.job WHERE name = $1 AND state = 'active'`,
      [QUEUE],
    )
    if (rows.length === 0) return
    log.info({ jobs: rows.length }, 'taking over what an ended process has left')
    const ids = rows.map(({ id }) => id)
    await boss.fail(QUEUE, ids, { message: 'its process ended' })
  }

  /** The caller's transaction, as pg-boss takes it. */
  function inside(sql: Sql): Db {
    return { executeSql: (text, values) => (sql as pg.PoolClient).query(named(text, values)) }
  }

  const isLimited = Object.keys(limits).length > 0

  return {
    async start() {
      await boss.start()
      const lease = { heartbeatSeconds: Math.ceil(leaseMs / 1000), retryLimit: NEVER }
      const queue = { ...lease, notify: true, expireInSeconds: 86_000, retentionSeconds: YEARS_SECONDS }
      await boss.createQueue(QUEUE, queue)
      await boss.updateQueue(QUEUE, queue)
      if (listening?.alone) await takeOver()
      await listening?.share()
    },
    stop: () => boss.stop({ graceful: false, close: false }),
    async insert(jobs, sql) {
      if (jobs.length === 0) return
      const rows: JobInsert<JobData>[] = jobs.map(({ data, priority, group, startAfter }) => ({
        id: jobId(priority),
        data,
        priority,
        ...(group !== undefined && { group }),
        ...(startAfter !== undefined && { startAfter }),
      }))
      await boss.insert(QUEUE, rows, { db: inside(sql) })
    },
    fetch(limit) {
      // It stands in the statement's text: few numbers, few statements to plan.
      const batchSize = 2 ** Math.floor(Math.log2(limit))
      if (!isLimited) return boss.fetch<JobData>(QUEUE, { batchSize })
      const groupConcurrency = { default: NEVER, tiers: { ...limits } }
      const within = (client: pg.PoolClient) =>
        boss.fetch<JobData>(QUEUE, { batchSize, groupConcurrency, db: inside(client) })
      return transaction(pool, within, BEGIN_FETCH)
    },
    async remove(jobs, sql) {
      const answer = await boss.deleteJob(QUEUE, attempts(jobs), { db: inside(sql) })
      return 'affected' in answer ? Number(answer.affected) : 0
    },
    touch: (jobs) =>
      transaction(pool, async (client) => {
        // Those that somebody is just removing need no sign of life. It waits for none of the rows that it shares
        // with them: each statement locks its rows in an order of its own.
        const { rows } = await client.query<{ id: string }>(
          `SELECT id FROM ${schema}_queue.job WHERE name = $1 AND id = ANY ($2::uuid[]) FOR UPDATE SKIP LOCKED`,
          [QUEUE, jobs.map(({ id }) => id)],
        )
        const free = new Set(rows.map(({ id }) => id))
        const own = jobs.filter(({ id }) => free.has(id))
        if (own.length > 0) await boss.touch(QUEUE, attempts(own), { db: inside(client) })
      }),
    setSchedules: (schedules) => setSchedules(boss, schedules),
    async count() {
      const [stats] = await boss.getQueueStats(QUEUE, { force: true })
      return { waiting: stats?.queuedCount ?? 0, running: stats?.activeCount ?? 0 }
    },
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

async function setSchedules(
  boss: PgBoss,
  schedules: readonly { cron: string; timezone: string; function: string }[],
): Promise<void> {
  // pg-boss takes letters, digits and few signs in a key.
  const keyOf = (cron: string) => Buffer.from(cron).toString('base64url')
  const wanted = new Map(schedules.map((each) => [`${each.function}/${keyOf(each.cron)}`, each]))
  for (const { key } of await boss.getSchedules(QUEUE))
    if (!wanted.has(key)) await boss.unschedule(QUEUE, key)
  for (const [key, { cron, timezone, function: id }] of wanted)
    await boss.schedule(QUEUE, cron, { cron, function: id }, { tz: timezone, key, missed: 'once' })
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
