import { type FunctionConfiguration, readFunctions } from './configuration.ts'
import { batched, transaction } from './database.ts'
import { Dispatcher } from './dispatch.ts'
import { type Arrival, arrival, type SentEvent } from './event.ts'
import { install } from './install.ts'
import { type RunnerOptions, type Settings, withDefaults } from './options.ts'
import { type Op, readConfigurations } from './protocol.ts'
import { Queue, type QueuedJobs } from './queue.ts'
import type { Checkpoints } from './sdk.ts'
import { Store } from './store.ts'
import { Worker } from './worker.ts'

export type { SentEvent } from './event.ts'
export { install } from './install.ts'
export type { RunnerLog, RunnerOptions } from './options.ts'
export { embeddedClientOptions, type Handler, inProcessHandler } from './sdk.ts'

export interface RunnerStats {
  /** Jobs that this instance works on. */
  running: number
  /** As many it may. */
  workers: number
  /** Jobs that it has worked on since its start. */
  done: number
}

interface Parts {
  queue: Queue
  store: Store
  worker: Worker
  send: EmbeddedRunner['send']
}

const HOUR_MS = 3_600_000
const STOP_MS = 8000
/** Most senders whose events are written down together. */
const SENDERS = 50

/** Runs ordinary Inngest functions durably on PostgreSQL, without a server. See README.md. */
export class EmbeddedRunner implements Checkpoints {
  readonly #settings: Settings
  #parts: Parts | undefined
  #cleaning: NodeJS.Timeout | undefined

  /** Connects to nothing before start(). */
  constructor(options: RunnerOptions) {
    this.#settings = withDefaults(options)
  }

  /**
   * Reads the functions from the handler, makes the tables and begins to work.
   * @throws Error that names functions and options when there is something that it does not do
   */
  async start(): Promise<void> {
    const { handler, keepMs, log } = this.#settings
    const functions = readFunctions(await readConfigurations(handler))
    await install(this.#settings)
    const parts = this.#assemble(functions)
    await open(parts.queue, functions)
    this.#parts = parts
    const { store, worker } = parts
    worker.start()
    const clean = () =>
      store.forget(keepMs).catch((error: unknown) => {
        log.debug({ err: error }, 'what has ended could not be forgotten yet')
      })
    this.#cleaning = setInterval(() => void clean(), HOUR_MS)
    this.#cleaning.unref()
    void clean()
  }

  /**
   * Starts what the events trigger. When it returns, they are kept.
   * @returns their ids
   * @throws when the database cannot be reached; sending them again is safe where they have an id
   */
  async send(events: readonly SentEvent[]): Promise<string[]> {
    if (this.#parts === undefined) throw new Error('The embedded runner has not started.')
    return this.#parts.send(events)
  }

  /** For the client (`embeddedClientOptions`): keeps what steps of a running call came to. */
  async keep(call: string, steps: Op[]): Promise<boolean> {
    return (await this.#parts?.worker.keep(call, steps)) === true
  }

  /** Fetches no more, lets running steps end within the time, gives the rest back to others. */
  async stop(withinMs = STOP_MS): Promise<void> {
    clearInterval(this.#cleaning)
    await this.#parts?.worker.stop(withinMs)
    await this.#parts?.queue.stop()
  }

  stats(): RunnerStats {
    const { running = 0, done = 0 } = this.#parts?.worker ?? {}
    return { running, workers: this.#settings.workers, done }
  }

  /** What waits and what is worked on, by function, of all instances; nothing before start(). */
  async queued(): Promise<QueuedJobs[]> {
    return (await this.#parts?.queue.queued()) ?? []
  }

  #assemble(functions: readonly FunctionConfiguration[]): Parts {
    const settings = this.#settings
    const { pool, schema } = settings
    const limits = Object.fromEntries(
      functions.flatMap(({ id, concurrency }) =>
        concurrency === undefined ? [] : [[id, concurrency.limit]],
      ),
    )
    const queue = new Queue({ settings, limits, onWork: () => this.#parts?.worker.wake() })
    const dispatcher = new Dispatcher(functions, queue, schema)
    const store = new Store({ pool, schema, queue, dispatcher })
    const byId = new Map(functions.map((each) => [each.id, each]))
    const worker = new Worker({ settings, queue, store, dispatcher, functions: byId })
    const dispatch = batched(SENDERS, async (sent: Arrival[][]) => {
      await transaction(pool, (client) => dispatcher.dispatch(sent.flat(), client))
      worker.wake()
      return sent.map((arrivals) => arrivals.map(({ event }) => event.id))
    })
    return { queue, store, worker, send: (events) => dispatch(events.map(arrival)) }
  }
}

async function open(queue: Queue, functions: readonly FunctionConfiguration[]): Promise<void> {
  try {
    await queue.start()
    await queue.setSchedules(
      functions.flatMap(({ id, triggers }) =>
        triggers.flatMap((trigger) => (trigger.type === 'cron' ? [{ ...trigger, function: id }] : [])),
      ),
    )
  } catch (error) {
    await queue.stop()
    throw error
  }
}
