import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { v7 } from 'uuid'
import { isAboutData, isAvailability } from '../../db/database-error.ts'
import { appError } from '../../errors.ts'
import { LogThrottle } from '../../log-throttle.ts'
import { getRuntime } from '../../runtime.ts'
import { rollUpUsage } from '../sums/roll-up.ts'
import { type PendingUsage, usageBuffer } from './record.ts'
import { writeUsage } from './write-usage.ts'

/** Rows of one statement: large enough to be cheap, small enough to be quick. */
const BATCH = 5000
const ID_BYTES = 16
/** A batch that fails so often in a row, although the database answers, is split. */
const TRIES = 5

/** Starts the writer of this process; at shutdown it writes what is left. */
export function startUsageWriter(): UsageWriter {
  const runtime = getRuntime()
  return runtime.once('usage.writer', () => {
    const writer = new UsageWriter(runtime.database.primary.pool, runtime.config.limits.usage_flush_ms)
    runtime.onShutdown('close', 'usage', async () => {
      writer.stop()
      await writer.flush()
    })
    return writer
  })
}

/** The events of one statement. They keep their ids, so that a second try counts nothing twice. */
interface Batch {
  events: PendingUsage[]
  /** Failures in a row for a reason other than the data, those of the batch that it was split from included. */
  failures: number
}

/** Writes the events of the buffer at intervals and at shutdown. */
export class UsageWriter {
  readonly #pool: Pool
  readonly #buffer = usageBuffer()
  readonly #log = getRuntime().log
  readonly #throttle = new LogThrottle()
  readonly #timer: NodeJS.Timeout
  #batches: Batch[] = []
  #flushing: Promise<boolean> | undefined
  #reportedDrops = 0

  constructor(pool: Pool, everyMs: number) {
    this.#pool = pool
    this.#timer = setInterval(() => {
      if (!getRuntime().database.availability.down) void this.flush()
    }, everyMs)
    this.#timer.unref()
  }

  /**
   * Writes all waiting events; false when the database cannot take them now, and none is lost. An event is
   * dropped, counted and logged when the database will never take it, or when it fails again and again while
   * the database answers: the other events do not wait for it.
   */
  flush(): Promise<boolean> {
    this.#flushing ??= this.#flushAll().finally(() => {
      this.#flushing = undefined
    })
    return this.#flushing
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #flushAll(): Promise<boolean> {
    this.#reportDrops()
    const refused: unknown[] = []
    try {
      for (;;) {
        this.#takeMore()
        const [batch, ...later] = this.#batches
        if (batch === undefined) break
        this.#batches = await this.#writeOrSplit(batch, later, refused)
      }
      if (this.#throttle.succeeded()) this.#log.info('usage is written again')
      return true
    } catch (error) {
      const fields = { err: error, waiting: this.#held() + this.#buffer.size }
      const level = this.#throttle.failed() ? 'warn' : 'debug'
      this.#log[level](fields, 'usage could not be written; it is kept and tried again')
      return false
    } finally {
      const fields = { err: refused[0], dropped: refused.length }
      if (refused.length > 0) this.#log.warn(fields, 'the database cannot take some usage events')
    }
  }

  #held(): number {
    return this.#batches.reduce((sum, { events }) => sum + events.length, 0)
  }

  /** Takes new events beside batches that have failed, as far as one batch has room for them. */
  #takeMore(): void {
    const room = BATCH - this.#held()
    if (room > 0 && this.#buffer.size > 0)
      this.#batches.push({ events: withIds(this.#buffer.take(room)), failures: 0 })
  }

  /**
   * Writes a batch and returns the batches that are left. A batch that fails on its data is split into halves,
   * so that a few rounds find the event at fault; a single event is dropped. A batch that keeps failing for
   * another reason, such as its duration, is split as well, after the other batches have had their turn.
   * @throws the reason why no more can be written now
   */
  async #writeOrSplit(batch: Batch, later: Batch[], refused: unknown[]): Promise<Batch[]> {
    try {
      await writeUsage(this.#pool, batch.events)
      return later
    } catch (error) {
      if (isAboutData(error)) return [...this.#split(batch, error, refused), ...later]
      if (!isAvailability(error)) {
        const failures = batch.failures + 1
        const again = failures < TRIES ? [{ ...batch, failures }] : this.#split(batch, error, refused)
        this.#batches = [...later, ...again]
        // The event was dropped: the others need not wait for the next flush.
        if (again.length === 0) return this.#batches
      }
      throw error
    }
  }

  /** Splits a batch. Halves are split again at their first failure; a single event has all its tries. */
  #split({ events }: Batch, error: unknown, refused: unknown[]): Batch[] {
    if (events.length === 1) {
      this.#buffer.drop('refused')
      refused.push(error)
      return []
    }
    const middle = events.length >> 1
    return [events.slice(0, middle), events.slice(middle)].map((half) => ({
      events: half,
      failures: half.length > 1 ? TRIES - 1 : 0,
    }))
  }

  #reportDrops(): void {
    const dropped = (this.#buffer.drops.get('buffer_full') ?? 0) - this.#reportedDrops
    if (dropped === 0) return
    this.#log.warn({ dropped }, 'usage events did not fit into the buffer')
    this.#reportedDrops += dropped
  }
}

function withIds(events: PendingUsage[]): PendingUsage[] {
  // One call fetches all random bytes: a call for each id would cost more than the rest of an event.
  const chance = randomBytes(ID_BYTES * events.length)
  for (const [n, event] of events.entries())
    event.id ??= v7({ random: chance.subarray(ID_BYTES * n, ID_BYTES * (n + 1)) })
  return events
}

/**
 * Sums up the days that are over, some weeks in one round. Waiting events of this process are written first: after
 * a long sleep it may belong to a day that is over.
 * @returns whether there may be more
 * @throws unavailable when the database does not take what waits
 */
export async function sumUpUsage(now = new Date()): Promise<boolean> {
  if (!(await startUsageWriter().flush()))
    throw appError('unavailable', 'Usage that waits could not be written; it is summed up later.')
  return rollUpUsage(getRuntime().database.primary.pool, now)
}
