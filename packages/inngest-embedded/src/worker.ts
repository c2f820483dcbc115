import type { JobContext } from './call.ts'
import type { FunctionConfiguration } from './configuration.ts'
import { patiently, transaction } from './database.ts'
import type { Dispatcher } from './dispatch.ts'
import { arrival, SCHEDULED } from './event.ts'
import { workOnRun } from './job.ts'
import type { RunnerLog, Settings } from './options.ts'
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

/** How long before the end of the time jobs are given back. */
const GIVE_BACK_MS = 500
/** It is due when the statement that put it in has arrived, which takes a moment. */
const SETTLING_MS = 10
/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2_000_000_000

/** Fetches jobs while there are places, and works on them. */
export class Worker {
  readonly #options: WorkerOptions
  readonly #context: JobContext
  readonly #held = new Map<string, HeldJob>()
  readonly #working = new Set<Promise<void>>()
  readonly #stopping = new AbortController()
  readonly #giveBack = new AbortController()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #outage: Outage
  #fetching: Promise<void> | undefined
  #isWoken = false
  #done = 0

  constructor(options: WorkerOptions) {
    const { settings, store, functions } = options
    this.#options = options
    this.#outage = new Outage(settings.log)
    this.#context = {
      settings,
      store,
      functions,
      calls: new Map(),
      stopping: this.#stopping.signal,
      giveBack: this.#giveBack.signal,
      onOutage: this.#outage.report,
      onLater: (waitMs) => this.#wakeIn(waitMs),
    }
  }

  get running(): number {
    return this.#held.size
  }

  get done(): number {
    return this.#done
  }

  start(): void {
    const { settings, queue } = this.#options
    const poll = setInterval(() => this.wake(), settings.pollMs)
    const beat = setInterval(() => {
      if (this.#held.size > 0) queue.touch([...this.#held.values()]).catch(this.#outage.report)
    }, settings.leaseMs / 4)
    for (const timer of [poll, beat]) this.#timers.add(timer.unref())
    this.wake()
  }

  /** Something may be due. */
  wake(): void {
    this.#isWoken = true
    if (this.#stopping.signal.aborted || this.#fetching !== undefined) return
    this.#fetching = this.#fetchWhileDue()
      .catch(this.#outage.report)
      .finally(() => {
        this.#fetching = undefined
      })
  }

  /** Keeps what steps of a running call came to; false: it is to end. */
  async keep(call: string, steps: Op[]): Promise<boolean> {
    return (await this.#context.calls.get(call)?.(steps)) === true
  }

  /** Fetches no more, lets running calls end within the time, gives the rest back. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping.abort()
    const deadline = setTimeout(() => this.#giveBack.abort(), Math.max(0, withinMs - GIVE_BACK_MS))
    await this.#fetching
    await Promise.allSettled(this.#working)
    clearTimeout(deadline)
    this.#giveBack.abort()
    for (const timer of this.#timers) clearTimeout(timer)
  }

  async #fetchWhileDue(): Promise<void> {
    const { settings, queue } = this.#options
    while (this.#isWoken && !this.#stopping.signal.aborted) {
      const places = settings.workers - this.#held.size
      if (places <= 0) return
      this.#isWoken = false
      const jobs = await queue.fetch(places)
      this.#outage.over()
      if (jobs.length === 0) continue
      // There may be more of them, and those that a group's limit held back.
      this.#isWoken = true
      await this.#begin(jobs)
    }
  }

  async #begin(jobs: readonly HeldJob[]): Promise<void> {
    const fresh = jobs.filter((job) => this.#hold(job))
    const ids = fresh.flatMap(({ data }) => ('run' in data ? [data.run] : []))
    const load = () => this.#options.store.load(ids)
    const runs =
      ids.length === 0
        ? new Map<string, Run>()
        : await patiently(load, this.#giveBack.signal, this.#outage.report)
    for (const job of fresh) {
      const work = this.#workOn(job, runs).finally(() => {
        this.#held.delete(job.id)
        this.#working.delete(work)
        this.#done++
        this.wake()
      })
      this.#working.add(work)
    }
  }

  /** @returns whether the job is new here; else its lease had run out while the database was away */
  #hold(job: HeldJob): boolean {
    const own = this.#held.get(job.id)
    if (own === undefined) this.#held.set(job.id, job)
    else own.retryCount = job.retryCount
    return own === undefined
  }

  async #workOn(job: HeldJob, runs: ReadonlyMap<string, Run>): Promise<void> {
    const { data } = job
    try {
      if ('cron' in data) return await this.#startScheduled(job, data)
      const run = runs.get(data.run)
      if (run === undefined) return await this.#options.store.drop(job)
      await workOnRun(run, job, data, this.#context)
    } catch (error) {
      if (!this.#giveBack.signal.aborted)
        this.#options.settings.log.error({ err: error, job: data }, 'a job could not be worked on')
    }
  }

  async #startScheduled(job: HeldJob, { cron, function: id }: { cron: string; function: string }) {
    const { settings, queue, dispatcher, functions } = this.#options
    const configuration = functions.get(id)
    const { event } = arrival({ name: SCHEDULED, data: { cron } })
    await transaction(settings.pool, async (client) => {
      if ((await queue.remove([job], client)) > 0 && configuration !== undefined)
        await dispatcher.start(configuration, event, client)
    })
  }

  #wakeIn(waitMs: number): void {
    const wait = Math.min(LONGEST_TIMER_MS, waitMs + SETTLING_MS)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.wake()
    }, wait)
    timer.unref()
    this.#timers.add(timer)
  }
}

/** Says once that the database is away, and once that it is back. */
class Outage {
  readonly #log: RunnerLog
  #isAway = false

  constructor(log: RunnerLog) {
    this.#log = log
  }

  readonly report = (error: unknown): void => {
    if (this.#isAway) return
    this.#isAway = true
    this.#log.warn({ err: error }, 'the database does not answer the background work; it is tried again')
  }

  over(): void {
    if (this.#isAway) this.#log.info({}, 'background work goes on')
    this.#isAway = false
  }
}
