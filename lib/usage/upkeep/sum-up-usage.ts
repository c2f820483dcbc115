import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { rollUpUsage } from '../roll-up.ts'
import { startUsageWriter } from '../writer.ts'

/**
 * Sums up the days that are over, some weeks in one round. What waits in this process is written before: after
 * a long sleep it may belong to a day that is over.
 * @returns whether there may be more
 * @throws unavailable when the database does not take what waits
 */
export async function sumUpUsage(now = new Date()): Promise<boolean> {
  if (!(await startUsageWriter().flush()))
    throw appError('unavailable', 'Usage that waits could not be written; it is summed up later.')
  return rollUpUsage(getRuntime().database.primary.pool, now)
}
