import type { Pool } from 'pg'
import { DAY_MS } from '../recording/partitions.ts'

const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS

/** So long after its end a day is summed up, and an hour. What is added later takes the sums back. */
export const DAY_SUMMED_MS = 2 * HOUR_MS
export const HOUR_SUMMED_MS = 15 * MINUTE_MS
/** Clocks of instances differ by less. */
const CLOCKS_MS = 5 * MINUTE_MS

/**
 * Takes back the sums of hours and days that uses were added to after they had been summed up: an instance held the
 * uses while it slept or its database was away.
 * @param uses that were written just now
 */
export async function takeBackSums(
  pool: Pool,
  uses: Iterable<{ workspace_id: string; occurred_at: number }>,
): Promise<void> {
  const summed = Date.now() - HOUR_SUMMED_MS + CLOCKS_MS
  const oldest = new Map<string, number>()
  for (const { workspace_id, occurred_at } of uses)
    if (occurred_at < summed)
      oldest.set(workspace_id, Math.min(occurred_at, oldest.get(workspace_id) ?? occurred_at))
  for (const [workspaceId, time] of oldest) await takeBackFrom(pool, workspaceId, new Date(time))
}

/** Takes back the sums of the hour that a time is in, or of its day where that is summed up, and of all later ones. */
async function takeBackFrom(pool: Pool, workspaceId: string, time: Date): Promise<void> {
  await pool.query('SELECT take_back_usage($1, $2)', [workspaceId, time])
}

/**
 * A clock that was ahead had hours and days summed up that were not over. They are summed up anew when they are; two
 * instances that disagree by less than a day, and by less than an hour, leave each other alone.
 * @param days the end of the days that are summed up now
 * @param hours that of hours
 */
export async function takeBackFuture(
  pool: Pool,
  workspaceId: string,
  { days, hours }: { days: Date; hours: Date },
): Promise<void> {
  const { rows } = await pool.query<{ is_day: boolean; is_hour: boolean | null }>(
    `SELECT until > $2::timestamptz AS is_day, hours_until > $3::timestamptz AS is_hour FROM usage_rolled
     WHERE workspace_id = $1`,
    [workspaceId, new Date(days.getTime() + DAY_MS), new Date(hours.getTime() + HOUR_MS)],
  )
  if (rows[0]?.is_day === true) await takeBackFrom(pool, workspaceId, days)
  else if (rows[0]?.is_hour === true) await takeBackFrom(pool, workspaceId, hours)
}

/**
 * Takes back sums that are not what their hours say. Who adds to them takes them back itself (above), unless it died
 * in between, or is of a version that does it for days alone that are settled.
 * @param from days that are older are settled
 */
export async function takeBackLate(pool: Pool, workspaceId: string, from: Date): Promise<void> {
  await pool.query(LATE, [workspaceId, from])
}

const LATE = `SELECT take_back_usage($1, min(hour)) FROM (
    SELECT hour, sum(uses) FROM (
      SELECT hour, total AS uses FROM usage_hour WHERE workspace_id = $1 AND hour >= $2::timestamptz
        AND hour < (SELECT greatest(until, hours_until) FROM usage_rolled WHERE workspace_id = $1)
      UNION ALL
      SELECT hour, -gets - renders - tool_calls FROM usage_all_hour WHERE workspace_id = $1 AND hour >= $2::timestamptz
      UNION ALL
      SELECT hour, -gets - renders - tool_calls FROM usage_open_way WHERE workspace_id = $1 AND hour >= $2::timestamptz
        AND hour >= (SELECT until FROM usage_rolled WHERE workspace_id = $1)
    ) each GROUP BY hour HAVING sum(uses) <> 0
  ) wrong HAVING min(hour) IS NOT NULL`
