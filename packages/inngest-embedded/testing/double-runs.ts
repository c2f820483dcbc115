import { randomUUID } from 'node:crypto'
import { type FunctionConfiguration, readFunctions } from '../src/configuration.ts'
import { parseMoment } from '../src/duration.ts'
import { arrival, FUNCTION_FAILED, SCHEDULED, type SentEvent, type StoredEvent } from '../src/event.ts'
import { valueAt } from '../src/expression.ts'
import { callFunction, type Op, type Outcome, plainError, type StepResult } from '../src/protocol.ts'
import type { Handler } from '../src/sdk.ts'

/** A run of a function as the server knows it. */
export interface DoubleRun {
  readonly id: string
  readonly functionId: string
  readonly event: StoredEvent
  status: 'active' | 'completed' | 'failed' | 'cancelled'
  readonly steps: Map<string, StepResult>
  /** Tries of the step that is next, those that reached nobody included. */
  attempt: number
  /** Calls so far; only the answer to the last one is heard. */
  calls: number
  isCalled: boolean
}

interface Known {
  configuration: FunctionConfiguration
  handler: Handler
}

/** Waits before a try is repeated, in seconds; the last one goes on. */
const RETRY_SECONDS = [15, 30, 60, 120, 300, 600, 1200, 2400, 3600, 7200]
/** A job whose call was lost in a restart of the server is called for again after this. */
const LEASE_SECONDS = 30
const CRON_SECONDS = 60

/** What a server does with the functions that it knows. Its seconds last `secondMs`. */
export class DoubleRuns {
  readonly all: DoubleRun[] = []
  readonly #known = new Map<string, Known>()
  readonly #seen = new Set<string>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #secondMs: number
  #isDeaf = false
  #waiting: (() => void)[] = []

  constructor(secondMs: number) {
    this.#secondMs = secondMs
    this.#every(CRON_SECONDS, () => this.#startScheduled())
  }

  get functions(): FunctionConfiguration[] {
    return [...this.#known.values()].map(({ configuration }) => configuration)
  }

  /** Replaces what was known of an app. */
  learn(raw: readonly unknown[], handler: Handler): void {
    for (const configuration of readFunctions(raw))
      this.#known.set(configuration.id, { configuration, handler })
  }

  /** What it knows is lost. */
  forget(): void {
    this.#known.clear()
  }

  /** Takes events and calls nobody. */
  set isDeaf(isDeaf: boolean) {
    this.#isDeaf = isDeaf
    if (isDeaf) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }

  /** Events are handled side by side: the last one may be the first. */
  dispatch(sent: readonly SentEvent[]): string[] {
    const arrivals = sent.map(arrival)
    for (const { event, named } of arrivals.toReversed()) this.#later(0, () => this.#handle(event, named))
    return arrivals.map(({ event }) => event.id)
  }

  /** The server dies and is back: its calls are lost, and made again once their leases have run out. */
  restart(): void {
    for (const run of this.all)
      if (run.isCalled && run.status === 'active') {
        run.calls++
        run.isCalled = false
        this.#later(LEASE_SECONDS, () => this.#work(run))
      }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #handle(event: StoredEvent, named: boolean): void {
    for (const { configuration } of this.#known.values()) {
      for (const { event: name, match } of configuration.cancellations)
        for (const run of this.all)
          if (
            name === event.name &&
            run.status === 'active' &&
            run.functionId === configuration.id &&
            valueAt(run.event, match.own) === valueAt(event, match.arriving)
          )
            run.status = 'cancelled'
      const isTriggered = configuration.triggers.some(
        (trigger) =>
          trigger.type === 'event' &&
          trigger.event === event.name &&
          (trigger.condition === undefined || trigger.condition.evaluate(event) === true),
      )
      const key = `${configuration.id} ${event.id}`
      if (!isTriggered || (named && this.#seen.has(key))) continue
      this.#seen.add(key)
      this.#start(configuration.id, event)
    }
  }

  #startScheduled(): void {
    for (const { configuration } of this.#known.values())
      if (configuration.triggers.some(({ type }) => type === 'cron'))
        this.#start(configuration.id, arrival({ name: SCHEDULED, data: {} }).event)
  }

  #start(functionId: string, event: StoredEvent): void {
    const run: DoubleRun = {
      id: randomUUID(),
      functionId,
      event,
      status: 'active',
      steps: new Map(),
      attempt: 0,
      calls: 0,
      isCalled: false,
    }
    this.all.push(run)
    this.#work(run)
  }

  #work(run: DoubleRun): void {
    if (run.status !== 'active') return
    if (this.#isDeaf) return void this.#waiting.push(() => this.#work(run))
    const known = this.#known.get(run.functionId)
    if (known === undefined) return
    void this.#call(run, known)
  }

  async #call(run: DoubleRun, known: Known): Promise<void> {
    const call = ++run.calls
    run.isCalled = true
    const outcome = await callFor(run, known)
    if (run.calls !== call || run.status !== 'active') return
    run.isCalled = false
    this.#take(run, known.configuration, outcome)
  }

  #take(run: DoubleRun, configuration: FunctionConfiguration, outcome: Outcome): void {
    if (outcome.type === 'completed') {
      run.status = 'completed'
      return
    }
    const mayRetry = outcome.retry.again && run.attempt + 1 < configuration.maxAttempts
    const [op] = outcome.type === 'ops' ? outcome.ops : []
    if (op === undefined || op.op === 'StepError') {
      if (mayRetry) return this.#again(run, outcome.retry.after)
      if (outcome.type === 'failed') return this.#fail(run, plainError(outcome.error))
    }
    if (op === undefined) return
    run.attempt = 0
    if (op.op === 'Sleep') {
      const ms = (parseMoment(op.name ?? '', 0)?.getTime() ?? 0) / 1000
      return this.#later(ms, () => this.#goOn(run, op, { data: null }))
    }
    this.#goOn(
      run,
      op,
      op.op === 'StepRun' ? { data: op.data ?? null } : { error: plainError(op.error ?? op.data) },
    )
  }

  #goOn(run: DoubleRun, op: Op, result: StepResult): void {
    run.steps.set(op.id, result)
    this.#work(run)
  }

  #again(run: DoubleRun, after: string | undefined): void {
    const seconds = RETRY_SECONDS[Math.min(run.attempt, RETRY_SECONDS.length - 1)] ?? 0
    run.attempt++
    if (after === undefined) return this.#later(seconds, () => this.#work(run))
    // A number of seconds is added to the clock cut to whole seconds; a date is a date.
    const now = Date.now()
    const from = /^\d+$/.test(after) ? Math.floor(now / 1000) * 1000 : now
    const due = parseMoment(after, from)?.getTime() ?? now
    this.#timer(due - now, () => this.#work(run))
  }

  #fail(run: DoubleRun, error: object): void {
    run.status = 'failed'
    const data = { function_id: run.functionId, run_id: run.id, error, event: run.event, events: [run.event] }
    this.dispatch([{ name: FUNCTION_FAILED, data }])
  }

  #later(seconds: number, work: () => void): void {
    this.#timer(seconds * this.#secondMs, work)
  }

  #every(seconds: number, work: () => void): void {
    this.#later(seconds, () => {
      work()
      this.#every(seconds, work)
    })
  }

  #timer(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, ms)
    this.#timers.add(timer)
  }
}

/** A call that reaches nobody is a try that failed. */
async function callFor(run: DoubleRun, { configuration, handler }: Known): Promise<Outcome> {
  try {
    return await callFunction(handler, {
      functionId: run.functionId,
      runId: run.id,
      event: run.event,
      steps: run.steps,
      attempt: run.attempt,
      maxAttempts: configuration.maxAttempts,
      name: run.id,
    })
  } catch (error) {
    const { message } = plainError(error)
    return {
      type: 'failed',
      error: { name: 'Error', message: `Unable to reach SDK URL: ${message}` },
      retry: { again: true, after: undefined },
    }
  }
}
