import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { crashFunctions } from './crash-functions.ts'
import { type FreshDatabase, freshDatabase, newSubject, poolOf } from './database.ts'
import { embeddedRunner } from './embedded-runner.ts'
import { type Entry, Journal } from './journal.ts'

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

class Place {
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

  async start(stopMs = 5000): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [SCRIPT, this.#database.url, String(stopMs)], {
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

const steps = (subject: string, ms: number) => ({ name: 'crash/three-steps', data: { subject, ms } })

const pidOf = (entry: Entry | undefined) => (entry?.detail as { pid: number } | undefined)?.pid

describe.concurrent('a process that is killed', { timeout: 180_000 }, () => {
  it('loses no job to the others, and nothing that was kept runs again', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const workers = [await place.start(), await place.start()]
    const own = newSubject()
    await place.send(steps(own, 1500))
    const [begun] = await place.journal.until(own, 'begin b')
    const pid = pidOf(begun)
    await workers.find((worker) => worker.pid === pid)?.kill()
    const [end] = await place.journal.until(own, 'end')
    expect(pidOf(end)).not.toBe(pid)
    expect(place.journal.count(own, 'begin a')).toBe(1)
    expect(place.journal.count(own, 'begin b')).toBe(2)
    expect(place.journal.count(own, 'begin c')).toBe(1)
  })

  it('goes on at once when it starts again alone', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const first = await place.start()
    const own = newSubject()
    await place.send(steps(own, 1000))
    await place.journal.until(own, 'begin b')
    await first.kill()
    const killed = Date.now()
    await place.start()
    const [, second] = await place.journal.until(own, 'begin b', 2)
    // Long before its lease has run out.
    expect((second?.at ?? 0) - killed).toBeLessThan(8000)
    await place.journal.until(own, 'end')
    expect(place.journal.count(own, 'ran again')).toBe(0)
  })

  it('three times by the same job fails the job, with the reason', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const own = newSubject()
    await place.send({ name: 'crash/killer', data: { subject: own } })
    for (let times = 1; times <= 3; times++) {
      const worker = await place.start()
      await place.journal.until(own, 'kill', times)
      await worker.ended
    }
    await place.start()
    const [failure] = await place.journal.until(own, 'failure')
    expect(failure?.detail).toMatchObject({ detail: 'The process ended 3 times while this ran.' })
    expect(place.journal.count(own, 'kill')).toBe(3)
    expect(place.journal.count(own, 'before')).toBe(1)
  })

  it('again and again under load: everything ends, and no result is lost', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const jobs = Array.from({ length: 24 }, () => newSubject())
    const workers = [await place.start(), await place.start()]
    await place.send(...jobs.map((own) => steps(own, 300)))
    // Twice: a job that ended its process three times fails, as it should.
    for (let kills = 0; kills < 2 && place.journal.count('all', 'end') < jobs.length; kills++) {
      // One of them has not ended yet, so that another end is sure to come; the others are amid their steps.
      await place.journal.until('all', 'end', place.journal.count('all', 'end') + 1)
      await workers.shift()?.kill()
      workers.push(await place.start())
    }
    for (const own of jobs) await place.journal.until(own, 'end')
    for (const own of jobs) {
      expect(place.journal.count(own, 'ran again')).toBe(0)
      expect(place.journal.count(own, 'end')).toBeGreaterThan(0)
    }
  })
})

describe.concurrent('a process that is asked to stop', () => {
  it('ends the step that runs, and hands the rest on at once', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const first = await place.start()
    const own = newSubject()
    await place.send(steps(own, 800))
    await place.journal.until(own, 'begin b')
    expect(await first.stop()).toBe(0)
    expect(place.journal.count(own, 'begin c')).toBe(0)
    await place.start()
    await place.journal.until(own, 'end')
    expect(place.journal.count(own, 'begin b')).toBe(1)
  })

  it('gives back what takes too long', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const first = await place.start(1000)
    const own = newSubject()
    await place.send(steps(own, 5000))
    await place.journal.until(own, 'begin b')
    const asked = Date.now()
    expect(await first.stop()).toBe(0)
    expect(Date.now() - asked).toBeLessThan(3000)
    await place.start()
    await place.journal.until(own, 'end')
    expect(place.journal.count(own, 'begin b')).toBe(2)
    expect(place.journal.count(own, 'begin a')).toBe(1)
  })
})
