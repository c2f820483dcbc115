import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { v7 } from 'uuid'
import { isAboutData, isAvailability } from '../db/database-error.ts'
import { createFailureTeller } from '../failure-teller.ts'
import { getRuntime } from '../runtime.ts'
import { type PendingUsage, usageBuffer } from './buffer.ts'
import { coverDays } from './partitions.ts'
import { takeBackSums } from './roll-up.ts'

/** Rows of one statement: large enough to be cheap, small enough to be quick. */
const BATCH = 5000
const ID_BYTES = 16
/** A batch that fails so often in a row, though the database is there, is taken apart. */
const TRIES = 5

/** Writes what waits in the buffer, now and then and at shutdown. */
export interface UsageWriter {
  /**
   * Writes everything that waits; false when the database cannot take it now (nothing is lost). An event that
   * it will never take, or that fails again and again while the database is there, is dropped, counted and told
   * of, so that the others are not held up.
   */
  flush(): Promise<boolean>
  stop(): void
}

/** Starts the writer of this process; at shutdown it writes what is left. */
export function startUsageWriter(): UsageWriter {
  const runtime = getRuntime()
  return runtime.once('usage.writer', () => {
    const writer = createUsageWriter(runtime.database.primary.pool)
    runtime.onShutdown('close', 'usage', async () => {
      writer.stop()
      await writer.flush()
    })
    return writer
  })
}

/** Events that are written together. They keep their ids, so that a second try counts nothing twice. */
interface Batch {
  events: PendingUsage[]
  /** How often in a row it failed, or what it was part of, for a reason of its own. */
  failures: number
}

function createUsageWriter(pool: Pool): UsageWriter {
  const { config, log } = getRuntime()
  const buffer = usageBuffer()
  const teller = createFailureTeller()
  let batches: Batch[] = []
  let flushing: Promise<boolean> | undefined
  let fullBefore = 0

  const held = () => batches.reduce((sum, { events }) => sum + events.length, 0)

  /** What has failed before is no reason to let the others wait, as long as there is room for them. */
  function takeMore(): void {
    const room = BATCH - held()
    if (room > 0 && buffer.size > 0) batches.push({ events: withIds(buffer.take(room)), failures: 0 })
  }

  async function flushAll(): Promise<boolean> {
    reportDrops()
    const refused: unknown[] = []
    try {
      for (;;) {
        takeMore()
        const [batch, ...later] = batches
        if (batch === undefined) break
        batches = await writeOrHalve(batch, later, refused)
      }
      if (teller.works()) log.info('usage is written again')
      return true
    } catch (error) {
      const seen = { err: error, waiting: held() + buffer.size }
      log[teller.failed() ? 'warn' : 'debug'](seen, 'usage could not be written; it is kept and tried again')
      return false
    } finally {
      if (refused.length > 0)
        log.warn({ err: refused[0], dropped: refused.length }, 'the database cannot take some usage events')
    }
  }

  /**
   * Writes a batch and returns what is left to write. One that fails on its data is replaced by its halves, so
   * that the event at fault is found in a few rounds; alone it is dropped. One that goes on failing for another
   * reason, such as the time that it takes, comes to the same, after the others have had their turn.
   * @throws why nothing more can be written now
   */
  async function writeOrHalve(batch: Batch, later: Batch[], refused: unknown[]): Promise<Batch[]> {
    try {
      await writeUsage(pool, batch.events)
      return later
    } catch (error) {
      if (isAboutData(error)) return [...apart(batch, error, refused), ...later]
      if (!isAvailability(error)) {
        const failures = batch.failures + 1
        const again = failures < TRIES ? [{ ...batch, failures }] : apart(batch, error, refused)
        batches = [...later, ...again]
        // Dropped: the others need not wait for the next time.
        if (again.length === 0) return batches
      }
      throw error
    }
  }

  /** Halves are taken apart at their first failure, down to one event, which has all its tries. */
  function apart({ events }: Batch, error: unknown, refused: unknown[]): Batch[] {
    if (events.length === 1) {
      buffer.drop('refused')
      refused.push(error)
      return []
    }
    const middle = events.length >> 1
    return [events.slice(0, middle), events.slice(middle)].map((half) => ({
      events: half,
      failures: half.length > 1 ? TRIES - 1 : 0,
    }))
  }

  function reportDrops(): void {
    const full = buffer.drops.get('buffer_full') ?? 0
    if (full === fullBefore) return
    log.warn({ dropped: full - fullBefore }, 'usage events did not fit into the buffer')
    fullBefore = full
  }

  function flush(): Promise<boolean> {
    flushing ??= flushAll().finally(() => {
      flushing = undefined
    })
    return flushing
  }

  const timer = setInterval(() => {
    if (!getRuntime().database.availability.down) void flush()
  }, config.limits.usage_flush_ms)
  timer.unref()
  return { flush, stop: () => clearInterval(timer) }
}

function withIds(events: PendingUsage[]): PendingUsage[] {
  // Chance is asked for once: for each id by itself it would cost more than the rest of an event.
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
  await pool.query({ name: 'write-usage', text: WRITE, values: [JSON.stringify(alike(events))] })
  await takeBackSums(pool, events)
}

/** Events that differ in nothing but id, time and duration: said once what they have in common. */
interface Alike extends Omit<PendingUsage, 'id' | 'occurred_at' | 'duration_us' | 'bucket'> {
  ids: (string | undefined)[]
  times: number[]
  durations: number[]
  buckets: number[]
}

/** Most batches hold a few kinds of events, so that a tenth of the JSON is written and parsed again. */
function alike(events: PendingUsage[]): Alike[] {
  const groups = new Map<string, Alike>()
  for (const { id, occurred_at, duration_us, bucket, ...common } of events) {
    // No text that is stored holds a NUL.
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
