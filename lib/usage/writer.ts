import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { v7 } from 'uuid'
import { isAboutData, isAvailability } from '../db/database-error.ts'
import { LogThrottle } from '../log-throttle.ts'
import { getRuntime } from '../runtime.ts'
import { type PendingUsage, usageBuffer } from './buffer.ts'
import { coverDays, dayOf, SETTLED_MS } from './partitions.ts'

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
 * Writes events and their roll-ups in one statement. Only rows that were really inserted are added to
 * the roll-ups, so the same batch may be written again after a lost answer. A prompt that vanished
 * leaves its event without a prompt. Groups are locked in one order: instances cannot deadlock.
 */
export async function writeUsage(pool: Pool, events: PendingUsage[]): Promise<void> {
  await coverDays(events)
  await pool.query({ name: 'write-usage', text: WRITE, values: [JSON.stringify(grouped(events))] })
  await takeBackSums(pool, events)
}

/** Events that differ in nothing but id, time and duration: common fields are sent once. */
interface EventGroup extends Omit<PendingUsage, 'id' | 'occurred_at' | 'duration_us' | 'bucket'> {
  ids: (string | undefined)[]
  times: number[]
  durations: number[]
  buckets: number[]
}

/** Groups events by their common fields. Most batches hold a few kinds, which makes a tenth of the JSON. */
function grouped(events: PendingUsage[]): EventGroup[] {
  const groups = new Map<string, EventGroup>()
  for (const { id, occurred_at, duration_us, bucket, ...common } of events) {
    // Stored texts hold no NUL.
    const key = Object.values(common).join('\0')
    let group = groups.get(key)
    if (group === undefined) {
      group = { ...common, ids: [], times: [], durations: [], buckets: [] }
      groups.set(key, group)
    }
    group.ids.push(id)
    group.times.push(occurred_at)
    group.durations.push(duration_us)
    group.buckets.push(bucket)
  }
  return [...groups.values()]
}

const WRITE = `
WITH incoming AS (
  SELECT each.id, to_timestamp(each.ms / 1000.0) AS occurred_at, each.duration_us, each.bucket,
    workspace_id, actor_id, prompt_id, version_number, label, operation, tool, surface, client_name,
    client_version, outcome
  FROM json_to_recordset($1::json) AS event (
    workspace_id uuid, actor_id uuid, prompt_id uuid, version_number integer, label text, operation text,
    tool text, surface text, client_name text, client_version text, outcome text,
    ids uuid[], times bigint[], durations integer[], buckets smallint[]),
  unnest(event.ids, event.times, event.durations, event.buckets) AS each (id, ms, duration_us, bucket)
), inserted AS (
  INSERT INTO prompt_usage (id, occurred_at, workspace_id, actor_id, prompt_id, version_number, label, operation,
    tool, surface, client_name, client_version, outcome, duration_us)
  SELECT event.id, event.occurred_at, event.workspace_id, event.actor_id, prompt.id, event.version_number,
    event.label, event.operation, event.tool, event.surface, event.client_name, event.client_version,
    event.outcome, event.duration_us
  FROM incoming event
  LEFT JOIN prompt_template prompt ON prompt.workspace_id = event.workspace_id AND prompt.id = event.prompt_id
  ON CONFLICT DO NOTHING
  RETURNING id, occurred_at, workspace_id, prompt_id, version_number, label, operation, surface, client_name,
    outcome, duration_us
), counted AS (
  SELECT inserted.workspace_id, date_trunc('hour', inserted.occurred_at, 'UTC') AS hour, inserted.prompt_id,
    inserted.version_number, inserted.label, inserted.operation, inserted.surface, inserted.client_name,
    incoming.bucket, count(*) AS total, count(*) FILTER (WHERE inserted.outcome <> 'ok') AS failed,
    sum(inserted.duration_us) AS duration_us, max(inserted.occurred_at) AS last_at
  FROM inserted JOIN incoming USING (id)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
), grouped AS (
  SELECT workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name,
    sum(total) AS total, sum(failed) AS failed, sum(duration_us) AS duration_us, max(last_at) AS last_at,
    array_agg(bucket ORDER BY bucket) AS bucket_numbers, array_agg(total ORDER BY bucket) AS bucket_counts
  FROM counted GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
)
INSERT INTO usage_hour (id, workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name,
  total, failed, duration_us, last_at, bucket_numbers, bucket_counts)
SELECT gen_random_uuid(), workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name,
  total, failed, duration_us, last_at, bucket_numbers, bucket_counts
FROM grouped
ORDER BY workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name
ON CONFLICT (workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name)
DO UPDATE SET
  total = usage_hour.total + excluded.total,
  failed = usage_hour.failed + excluded.failed,
  duration_us = usage_hour.duration_us + excluded.duration_us,
  last_at = greatest(usage_hour.last_at, excluded.last_at),
  (bucket_numbers, bucket_counts) = (
    SELECT array_agg(n ORDER BY n), array_agg(count ORDER BY n)
    FROM (
      SELECT n, sum(count) AS count FROM (
        SELECT * FROM unnest(usage_hour.bucket_numbers, usage_hour.bucket_counts) AS held (n, count)
        UNION ALL
        SELECT * FROM unnest(excluded.bucket_numbers, excluded.bucket_counts) AS added (n, count)
      ) AS both_halves GROUP BY n
    ) AS summed)`

/**
 * Takes back the sums of days that uses were added to after they had been summed up: an instance held the uses
 * for longer than a day, while it slept or its database was away.
 * @param uses that were written just now
 */
async function takeBackSums(
  pool: Pool,
  uses: Iterable<{ workspace_id: string; occurred_at: number }>,
): Promise<void> {
  const settled = Date.now() - SETTLED_MS
  const oldest = new Map<string, number>()
  for (const { workspace_id, occurred_at } of uses)
    if (occurred_at < settled)
      oldest.set(workspace_id, Math.min(occurred_at, oldest.get(workspace_id) ?? occurred_at))
  for (const [workspaceId, time] of oldest)
    await pool.query('SELECT forget_usage_sums($1, $2::date)', [workspaceId, dayOf(time)])
}
