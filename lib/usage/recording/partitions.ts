import { isUnreachable } from '../../db/database-error.ts'
import { getRuntime } from '../../runtime.ts'

/** A day of UTC, such as 2026-11-28. */
export type Day = string

export const DAY_MS = 86_400_000
/** A day that failed is tried again after this time. */
const AGAIN_MS = 60_000

export function dayOf(time: Date | number): Day {
  return new Date(time).toISOString().slice(0, 10)
}

/** The days with a partition, and the failed days with the time of their next try. */
interface Known {
  made: Set<Day>
  failed: Map<Day, number>
}

const known = (): Known =>
  getRuntime().once('usage.days', () => ({ made: new Set(), failed: new Map<Day, number>() }))

/** A statement that moves the uses of a whole day may take longer than a request. */
const MOVE_MS = 120_000

/**
 * Makes the partition of a day and moves what the default partition has of it.
 * @throws what the database says: a long reader holds the default partition, say
 */
async function makePartition(day: Day): Promise<void> {
  const client = await getRuntime().database.primary.pool.connect()
  try {
    await client.query(`BEGIN; SET LOCAL statement_timeout = ${MOVE_MS}`)
    const make = { text: 'SELECT make_usage_partition($1::date)', values: [day], query_timeout: MOVE_MS }
    await client.query(make)
    await client.query('COMMIT')
    known().made.add(day)
    client.release()
  } catch (error) {
    // A closed connection ends its transaction in any state.
    client.release(true)
    throw error
  }
}

/**
 * Makes the partitions of some uses before they are written, even after a clock change or without an upkeep. It
 * costs one query a day. A day that fails is left to the upkeep.
 */
export async function coverDays(uses: Iterable<{ occurred_at: number }>): Promise<void> {
  const { made, failed } = known()
  const days = new Set<Day>()
  for (const { occurred_at } of uses) days.add(dayOf(occurred_at))
  for (const day of days) {
    if (made.has(day) || (failed.get(day) ?? 0) > performance.now()) continue
    try {
      await makePartition(day)
      failed.delete(day)
    } catch (error) {
      // The uses cannot be written either: they wait, and this runs again.
      if (isUnreachable(error)) throw error
      failed.set(day, performance.now() + AGAIN_MS)
      getRuntime().log.warn({ err: error, day }, 'a day of usage has no partition yet; the upkeep makes it')
    }
  }
}

/** Today and the days after it that have their partition before their first use. */
const AHEAD_DAYS = 4
/** Days in the default partition that one round looks after. */
const LATE_DAYS = 30

/**
 * Gives today, the days to come and every day that the default partition has uses of a partition of its own.
 * Each day is a matter of its own: one that fails keeps none of the others.
 * @returns whether there are more late days than one round takes
 * @throws AggregateError of the days that failed, after the others were made
 */
export async function makePartitions(now = new Date()): Promise<boolean> {
  const late = await lateDays()
  const ahead = Array.from({ length: AHEAD_DAYS }, (_, n) => dayOf(now.getTime() + n * DAY_MS))
  const failures: unknown[] = []
  for (const day of new Set([...ahead, ...late])) {
    try {
      await makePartition(day)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, messageOf(failures[0]))
  return late.length === LATE_DAYS
}

async function lateDays(): Promise<Day[]> {
  const { rows } = await getRuntime().database.primary.pool.query<{ day: Day }>(
    'SELECT day::text FROM days_without_partition($1) AS day',
    [LATE_DAYS],
  )
  return rows.map(({ day }) => day)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
