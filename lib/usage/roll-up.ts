import type { Pool, PoolClient } from 'pg'
import { listSome } from './ranks/list-days.ts'
import { DAY_MS, dayOf } from './recording/partitions.ts'
import { USAGE_HOUR } from './usage-source.ts'

/** When a day has been over for so long, no instance can still hold events of it. */
const SETTLED_MS = DAY_MS
/** And so long after its end it is summed up. What is added to it later takes its sums back. */
const SUMMED_MS = 2 * 3_600_000

/**
 * Sums up the days that are over, for statistics: each hour and day by way and client, each prompt by days and,
 * once they are over, by months, and lists which prompts were used most in them.
 * Days that are not summed up yet are read from their hours, so figures never depend on the progress of this.
 * Several instances may do it at once: they wait for each other. One call does a part of what there is.
 * @returns whether there may be more
 */
export async function rollUpUsage(pool: Pool, now: Date): Promise<boolean> {
  const upTo = dayOfTime(now.getTime() - SUMMED_MS)
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM workspace')
  let isMore = false
  for (const { id } of rows) {
    await takeBackFuture(pool, id, upTo)
    await takeBackLate(pool, id, settledUpTo(now))
    isMore = (await repeat(() => rollUpSome(pool, id, upTo))) || isMore
    isMore = (await repeat(() => rollUpMonth(pool, id))) || isMore
    isMore = (await repeat(() => listDays(pool, id))) || isMore
  }
  return isMore
}

/** The end of the last day that no instance can still add uses to. */
export function settledUpTo(now: Date): Date {
  return dayOfTime(now.getTime() - SETTLED_MS)
}

/** The start of the day of UTC that a time is in. */
function dayOfTime(ms: number): Date {
  return new Date(Math.floor(ms / DAY_MS) * DAY_MS)
}

/** So many days are summed up in one transaction. */
const DAYS = 7
/** And so many transactions for a workspace in one call, which is most of a year. */
const SLICES = 40

/** @returns whether it would have gone on */
async function repeat(step: () => Promise<boolean>): Promise<boolean> {
  for (let n = 0; n < SLICES; n++) if (!(await step())) return false
  return true
}

/**
 * A clock that was ahead had days summed up that were not over. They are summed up anew when they are; two
 * instances that disagree by less than a day leave each other alone.
 */
async function takeBackFuture(pool: Pool, workspaceId: string, upTo: Date): Promise<void> {
  await pool.query(
    `SELECT forget_usage_sums(workspace_id, $2::date) FROM usage_rolled
     WHERE workspace_id = $1 AND until > $3::timestamptz`,
    [workspaceId, dayOf(upTo), new Date(upTo.getTime() + DAY_MS)],
  )
}

/**
 * Takes back the sums of days that are not what their hours say. Who adds to such a day takes its sums back itself
 * (below), unless it died in between, or is of a version that does it for days alone that are settled.
 */
async function takeBackLate(pool: Pool, workspaceId: string, settled: Date): Promise<void> {
  await pool.query(LATE, [workspaceId, new Date(settled.getTime() - DAY_MS)])
}

const LATE = `SELECT forget_usage_sums($1, (min(day) AT TIME ZONE 'UTC')::date) FROM (
    SELECT date_trunc('day', hour, 'UTC') AS day, sum(uses) AS uses FROM (
      SELECT hour, total AS uses FROM usage_hour WHERE workspace_id = $1 AND hour >= $2::timestamptz
        AND hour < (SELECT until FROM usage_rolled WHERE workspace_id = $1)
      UNION ALL
      SELECT hour, -gets - renders - tool_calls FROM usage_all_hour WHERE workspace_id = $1 AND hour >= $2::timestamptz
    ) each GROUP BY 1 HAVING sum(uses) <> 0
  ) wrong HAVING min(day) IS NOT NULL`

/**
 * Takes back the sums of days that uses were added to after they had been summed up: an instance held the uses
 * for hours, while it slept or its database was away.
 * @param uses that were written just now
 */
export async function takeBackSums(
  pool: Pool,
  uses: Iterable<{ workspace_id: string; occurred_at: number }>,
): Promise<void> {
  const summed = Date.now() - SUMMED_MS
  const oldest = new Map<string, number>()
  for (const { workspace_id, occurred_at } of uses)
    if (occurred_at < summed)
      oldest.set(workspace_id, Math.min(occurred_at, oldest.get(workspace_id) ?? occurred_at))
  for (const [workspaceId, time] of oldest)
    await pool.query('SELECT forget_usage_sums($1, $2::date)', [workspaceId, dayOf(time)])
}

/** How far a workspace is. */
interface Rolled {
  until: Date
  months_until: Date | null
}

/** Sums up some days; false when there is nothing left to do. */
function rollUpSome(pool: Pool, workspaceId: string, upTo: Date): Promise<boolean> {
  return advance(pool, workspaceId, async (client, rolled) => {
    const from = rolled?.until ?? upTo
    const to = new Date(Math.min(from.getTime() + DAYS * DAY_MS, upTo.getTime()))
    if (from < to) {
      for (const statement of STATEMENTS) await client.query(statement, [workspaceId, from, to])
      await client.query('UPDATE usage_rolled SET until = $2 WHERE workspace_id = $1', [workspaceId, to])
    }
    return to < upTo
  })
}

/** Sums up one month whose days are; false when there is none. */
function rollUpMonth(pool: Pool, workspaceId: string): Promise<boolean> {
  return advance(pool, workspaceId, async (client, rolled) => {
    if (rolled === undefined) return false
    const from = rolled.months_until ?? (await firstMonth(client, workspaceId)) ?? rolled.until
    const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1))
    if (to > rolled.until) return false
    for (const statement of MONTHS) await client.query(statement, [workspaceId, from, to])
    await client.query('UPDATE usage_rolled SET months_until = $2 WHERE workspace_id = $1', [workspaceId, to])
    return true
  })
}

/** Lists some days or a month that are summed up; false when there are none. */
function listDays(pool: Pool, workspaceId: string): Promise<boolean> {
  return advance(pool, workspaceId, async (client, rolled) =>
    rolled === undefined ? false : listSome(client, workspaceId, rolled),
  )
}

/** Start of the first month that has days; the month may have begun before its first use. */
async function firstMonth(client: PoolClient, workspaceId: string): Promise<Date | undefined> {
  const { rows } = await client.query<{ month: Date | null }>(
    `SELECT date_trunc('month', min(hour), 'UTC') AS month FROM usage_prompt_day WHERE workspace_id = $1`,
    [workspaceId],
  )
  return rows[0]?.month ?? undefined
}

/** One step in one transaction; instances that do it at once wait for each other. */
async function advance(
  pool: Pool,
  workspaceId: string,
  step: (client: PoolClient, rolled: Rolled | undefined) => Promise<boolean>,
): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query(MARK, [workspaceId])
    const { rows } = await client.query<Rolled>(
      'SELECT until, months_until FROM usage_rolled WHERE workspace_id = $1 FOR UPDATE',
      [workspaceId],
    )
    const isMore = await step(client, rows[0])
    await client.query('COMMIT')
    return isMore
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** The first time, it begins with the first day there is. */
const MARK = `INSERT INTO usage_rolled (workspace_id, until)
  SELECT $1, date_trunc('day', min(hour), 'UTC') FROM usage_hour WHERE workspace_id = $1 HAVING min(hour) IS NOT NULL
  ON CONFLICT DO NOTHING`

/** One row for each group, with the histogram of all its hours: counted by bucket first, then gathered. */
function sumUp(into: string, source: string, time: string, keys: string[]): string {
  const by = keys.map((key) => `, ${key}`).join('')
  const firstOf = (column: string) => `sum(${column}) FILTER (WHERE held.place = 1) AS ${column}`
  return `INSERT INTO ${into} (id, workspace_id, hour${by}, gets, renders, tool_calls, failed, last_at,
      bucket_numbers, bucket_counts)
    SELECT gen_random_uuid(), $1::uuid, moment${by}, sum(gets), sum(renders), sum(tool_calls), sum(failed),
      max(last_at), array_agg(bucket ORDER BY bucket), array_agg(count ORDER BY bucket)
    FROM (
      SELECT ${time} AS moment${by}, held.bucket, sum(held.count) AS count,
        ${['gets', 'renders', 'tool_calls', 'failed'].map(firstOf).join(', ')}, max(last_at) AS last_at
      FROM ${source}, unnest(bucket_numbers, bucket_counts) WITH ORDINALITY AS held (bucket, count, place)
      WHERE workspace_id = $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz
      GROUP BY moment${by}, held.bucket
    ) AS counted GROUP BY moment${by}`
}

const DAY = `date_trunc('day', hour, 'UTC')`
const MONTH = `date_trunc('month', hour, 'UTC')`
const WAY = ['surface', 'client_name']
const PROMPT = ['prompt_id', 'version_number']

/** The finest first: the others are made from them. */
const STATEMENTS = [
  sumUp('usage_way_hour', USAGE_HOUR, 'hour', WAY),
  sumUp('usage_prompt_way_day', USAGE_HOUR, DAY, [...PROMPT, ...WAY]),
  sumUp('usage_all_hour', 'usage_way_hour', 'hour', []),
  sumUp('usage_way_day', 'usage_way_hour', DAY, WAY),
  sumUp('usage_prompt_day', 'usage_prompt_way_day', 'hour', PROMPT),
]

const MONTHS = [
  sumUp('usage_prompt_way_month', 'usage_prompt_way_day', MONTH, [...PROMPT, ...WAY]),
  sumUp('usage_prompt_month', 'usage_prompt_day', MONTH, PROMPT),
]
