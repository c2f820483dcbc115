import type { FunctionConfiguration } from './configuration.ts'
import { patiently, transaction } from './database.ts'
import type { Dispatcher } from './dispatch.ts'
import { arrival, SCHEDULED } from './event.ts'
import { type JobContext, workOnRun } from './job.ts'
import type { Settings } from './options.ts'
import type { Op } from './protocol.ts'
import type { HeldJob, Queue } from './queue.ts'
import type { Run, Store } from './store.ts'

export interface WorkerOptions {
  settings: Settings
  queue: Queue
  store: Store
  dispatcher: Dispatcher
  functions: ReadonlyMap<string, FunctionConfiguration>
}

/** Fetches jobs while there are places, and works on them. */
export interface Worker {
  start(): void
  /** Something may be due. */
  wake(): void
  /** Keeps what steps of a running call came to; false: it is to end. */
  keep(call: string, steps: Op[]): Promise<boolean>
  /** Fetches no more, lets running calls end within the time, gives the rest back. */
  stop(withinMs: number): Promise<void>
  readonly running: number
  readonly done: number
}

/** How long before the end of the time jobs are given back. */
const GIVE_BACK_MS = 500
/** It is due when the statement that put it in has arrived, which takes a moment. */
const SETTLING_MS = 10
/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2_000_000_000

export function createWorker({ settings, queue, store, dispatcher, functions }: WorkerOptions): Worker {
  const { log, pool, workers, leaseMs, pollMs } = settings
  const held = new Map<string, HeldJob>()
  const working = new Set<Promise<void>>()
  const stopping = new AbortController()
  const giveBack = new AbortController()
  const timers = new Set<NodeJS.Timeout>()
  const outage = createOutage(settings)
  const calls: JobContext['calls'] = new Map()
  let fetching: Promise<void> | undefined
  let isWoken = false
  let done = 0

  const context: JobContext = {
    settings,
    store,
    dispatcher,
    functions,
    calls,
    stopping: stopping.signal,
    giveBack: giveBack.signal,
    onOutage: outage.report,
    onLater: wakeIn,
  }

  function wake(): void {
    isWoken = true
    if (stopping.signal.aborted || fetching !== undefined) return
    fetching = fetchWhileDue()
      .catch(outage.report)
      .finally(() => {
        fetching = undefined
      })
  }

  async function fetchWhileDue(): Promise<void> {
    while (isWoken && !stopping.signal.aborted) {
      const places = workers - held.size
      if (places <= 0) return
      isWoken = false
      const jobs = await queue.fetch(places)
      outage.over()
      if (jobs.length === 0) continue
      // There may be more of them, and those that a group's limit held back.
      isWoken = true
      await begin(jobs)
    }
  }

  async function begin(jobs: readonly HeldJob[]): Promise<void> {
    const fresh: HeldJob[] = []
    for (const job of jobs) {
      // Our lease had run out while the database was away; the job is still being worked on here.
      const own = held.get(job.id)
      if (own === undefined) fresh.push(job)
      else own.retryCount = job.retryCount
      held.set(job.id, own ?? job)
    }
    const ids = fresh.flatMap(({ data }) => ('run' in data ? [data.run] : []))
    const load = () => store.load(ids)
    const runs =
      ids.length === 0 ? new Map<string, Run>() : await patiently(load, giveBack.signal, outage.report)
    for (const job of fresh) {
      const work = workOn(job, runs)
        .catch((error: unknown) => {
          if (!giveBack.signal.aborted)
            log.error({ err: error, job: job.data }, 'a job could not be worked on')
        })
        .finally(() => {
          held.delete(job.id)
          working.delete(work)
          done++
          wake()
        })
      working.add(work)
    }
  }

  async function workOn(job: HeldJob, runs: ReadonlyMap<string, Run>): Promise<void> {
    const { data } = job
    if ('cron' in data) return startScheduled(job, data)
    const run = runs.get(data.run)
    if (run === undefined) return store.drop(job)
    // Two jobs of one run may be in one batch: each has a copy of what is known.
    const own = { ...run, steps: new Map(run.steps), pending: new Set(run.pending) }
    await workOnRun(own, job, data, context)
  }

  async function startScheduled(job: HeldJob, { cron, function: id }: { cron: string; function: string }) {
    const configuration = functions.get(id)
    const { event } = arrival({ name: SCHEDULED, data: { cron } })
    await transaction(pool, async (client) => {
      if ((await queue.remove([job], client)) > 0 && configuration !== undefined)
        await dispatcher.start(configuration, event, client)
    })
  }

  function wakeIn(waitMs: number): void {
    const wait = Math.min(LONGEST_TIMER_MS, waitMs + SETTLING_MS)
    const timer = setTimeout(() => {
      timers.delete(timer)
      wake()
    }, wait)
    timer.unref()
    timers.add(timer)
  }

  return {
    start() {
      const poll = setInterval(wake, pollMs)
      const beat = setInterval(() => {
        if (held.size > 0) queue.touch([...held.values()]).catch(outage.report)
      }, leaseMs / 4)
      for (const timer of [poll, beat]) timers.add(timer.unref())
      wake()
    },
    wake,
    keep: async (call, steps) => (await calls.get(call)?.(steps)) === true,
    async stop(withinMs) {
      stopping.abort()
      const deadline = setTimeout(() => giveBack.abort(), Math.max(0, withinMs - GIVE_BACK_MS))
      await fetching
      await Promise.allSettled(working)
      clearTimeout(deadline)
      giveBack.abort()
      for (const timer of timers) clearTimeout(timer)
    },
    get running() {
      return held.size
    },
    get done() {
      return done
    },
  }
}

/** Says once that the database is away, and once that it is back. */
function createOutage({ log }: Settings) {
  let isAway = false
  const report = (error: unknown): void => {
    if (isAway) return
    isAway = true
    log.warn({ err: error }, 'the database does not answer the background work; it is tried again')
  }
  const over = (): void => {
    if (isAway) log.info({}, 'background work goes on')
    isAway = false
  }
  return { report, over }
}
