import { getRuntime } from '../../runtime.ts'
import { DAY_MS, type Day, dayOf, makePartition } from '../partitions.ts'

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
