import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type pg from 'pg'
import { crashFunctions } from './crash-functions.ts'
import { type FreshDatabase, freshDatabase, poolOf } from './database.ts'
import { embeddedRunner } from './embedded-runner.ts'
import { Journal } from './journal.ts'

/** Real processes that are really killed, on a database of each test's own. */
const SCRIPT = path.join(import.meta.dirname, 'crash-worker.ts')

/** A process that runs functions; what they tell is in the journal, with its number. */
interface WorkerProcess {
  readonly pid: number
  kill(): Promise<void>
  /** Asks it to stop. @returns its exit code */
  stop(): Promise<unknown>
  readonly ended: Promise<unknown>
}

/** A database with processes that work on it. */
export class Place {
  readonly journal = new Journal()
  readonly #workers = new Set<WorkerProcess>()
  readonly #database: FreshDatabase
  readonly #pool: pg.Pool

  private constructor(database: FreshDatabase) {
    this.#database = database
    this.#pool = poolOf(database.url, 2)
    this.#pool.on('error', () => undefined)
  }

  static async open(): Promise<Place> {
    return new Place(await freshDatabase())
  }

  async start({ stopMs = 5000, leaseMs = 10_000 } = {}): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [SCRIPT, this.#database.url, String(stopMs), String(leaseMs)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const pid = child.pid ?? 0
    const ended = once(child, 'exit').then(([code]) => code as unknown)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { subject, what, detail } = JSON.parse(line) as { subject: string; what: string; detail: unknown }
      this.journal.write(subject, what, { pid, detail })
    })
    const worker: WorkerProcess = {
      pid,
      ended,
      async kill() {
        child.kill('SIGKILL')
        await ended
      },
      stop() {
        child.kill('SIGTERM')
        return ended
      },
    }
    this.#workers.add(worker)
    const before = this.journal.count('worker', 'ready')
    await this.journal.until('worker', 'ready', before + 1)
    return worker
  }

  /** Sends events from here, by a runner that works on nothing. */
  async send(...events: { name: string; data: Record<string, unknown> }[]): Promise<void> {
    const sender = embeddedRunner(
      { pool: this.#pool, connectionString: this.#database.url, workers: 0, leaseMs: 10_000 },
      (client) => crashFunctions(client, this.#pool, () => undefined),
    )
    await sender.start()
    await sender.send(events)
    await sender.stop(0)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.kill()))
    await this.#pool.end()
    await this.#database.drop()
  }
}

/** The event that starts three steps of so many milliseconds. */
export const steps = (subject: string, ms: number) => ({ name: 'crash/three-steps', data: { subject, ms } })
