import { together } from './batch.ts'
import { readFunctions } from './configuration.ts'
import { transaction } from './database.ts'
import { createDispatcher } from './dispatch.ts'
import { type Arrival, arrival, type SentEvent } from './event.ts'
import { install } from './install.ts'
import { type RunnerOptions, withDefaults } from './options.ts'
import { readConfigurations } from './protocol.ts'
import { createQueue, type Queue } from './queue.ts'
import type { ServerPart } from './server-fetch.ts'
import { createStore, type Store } from './store.ts'
import { createWorker, type Worker } from './worker.ts'

export type { SentEvent } from './event.ts'
export type { RunnerOptions } from './options.ts'

/** Runs ordinary Inngest functions durably on PostgreSQL, without a server. See README.md. */
export interface EmbeddedRunner {
  /**
   * Reads the functions from the handler, makes the tables and begins to work.
   * @throws Error that names functions and options when there is something that it does not do
   */
  start(): Promise<void>
  /**
   * Starts what the events trigger. When it returns, they are kept.
   * @returns their ids
   * @throws when the database cannot be reached; sending them again is safe where they have an id
   */
  send(events: readonly SentEvent[]): Promise<string[]>
  /** For `serverFetch`: keeps what steps of a running call came to. */
  keep: ServerPart['keep']
  /** Fetches no more, lets running steps end within the time, gives the rest back to others. */
  stop(withinMs?: number): Promise<void>
  stats(): RunnerStats
}

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

/** Connects to nothing before start(). */
export function createEmbeddedRunner(options: RunnerOptions): EmbeddedRunner {
  const settings = withDefaults(options)
  let parts: Parts | undefined
  let cleaning: NodeJS.Timeout | undefined

  async function assemble(): Promise<Parts> {
    const { pool, schema } = settings
    const functions = readFunctions(await readConfigurations(settings.handler))
    const limits = Object.fromEntries(
      functions.flatMap(({ id, concurrency }) =>
        concurrency === undefined ? [] : [[id, concurrency.limit]],
      ),
    )
    await install(settings)
    const queue = createQueue({ settings, limits, onWork: () => parts?.worker.wake() })
    const dispatcher = createDispatcher(functions, queue, schema)
    const store = createStore({ pool, schema, queue, dispatcher })
    const byId = new Map(functions.map((each) => [each.id, each]))
    const worker = createWorker({ settings, queue, store, dispatcher, functions: byId })
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
    const dispatch = together(SENDERS, async (sent: Arrival[][]) => {
      await transaction(pool, (client) => dispatcher.dispatch(sent.flat(), client))
      worker.wake()
      return sent.map((arrivals) => arrivals.map(({ event }) => event.id))
    })
    const send = (events: readonly SentEvent[]) => dispatch(events.map(arrival))
    return { queue, store, worker, send }
  }

  return {
    async start() {
      parts = await assemble()
      const { store, worker } = parts
      worker.start()
      const clean = () =>
        store.forget(settings.keepMs).catch((error: unknown) => {
          settings.log.debug({ err: error }, 'what has ended could not be forgotten yet')
        })
      cleaning = setInterval(() => void clean(), HOUR_MS)
      cleaning.unref()
      void clean()
    },
    async send(events) {
      if (parts === undefined) throw new Error('The embedded runner has not started.')
      return parts.send(events)
    },
    keep: async (call, steps) => (await parts?.worker.keep(call, steps)) === true,
    async stop(withinMs = STOP_MS) {
      clearInterval(cleaning)
      await parts?.worker.stop(withinMs)
      await parts?.queue.stop()
    },
    stats: () => ({
      running: parts?.worker.running ?? 0,
      workers: settings.workers,
      done: parts?.worker.done ?? 0,
    }),
  }
}
