import type { Pool } from 'pg'

const DAY_MS = 86_400_000
/** A day is summed up when it has been over for so long that no instance can still hold events of it. */
const SETTLED_MS = DAY_MS

/**
 * Sums up the days that are over, for statistics: each hour and day without its prompts, and each prompt
 * by days.
 * What is not summed up yet is read from the hours themselves, so figures never depend on how far this is.
 * Several instances may do it at once: they wait for each other.
 */
export async function rollUpUsage(pool: Pool, now: Date): Promise<void> {
  const upTo = new Date(Math.floor((now.getTime() - SETTLED_MS) / DAY_MS) * DAY_MS)
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM workspace')
  for (const { id } of rows) while (await rollUpSome(pool, id, upTo));
}

/** So many days are summed up in one transaction. */
const DAYS = 7

/** Sums up some days; false when there is nothing left to do. */
async function rollUpSome(pool: Pool, workspaceId: string, upTo: Date): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query(MARK, [workspaceId])
    const { rows } = await client.query<{ until: Date }>(
      'SELECT until FROM usage_rolled WHERE workspace_id = $1 FOR UPDATE',
      [workspaceId],
    )
    const from = rows[0]?.until ?? upTo
    const to = new Date(Math.min(from.getTime() + DAYS * DAY_MS, upTo.getTime()))
    if (from < to) {
      for (const statement of [TOTALS, TOTAL_DAYS, PROMPTS])
        await client.query(statement, [workspaceId, from, to])
      await client.query('UPDATE usage_rolled SET until = $2 WHERE workspace_id = $1', [workspaceId, to])
    }
    await client.query('COMMIT')
    return to < upTo
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
function summedUp(time: string, keys: string): string {
  return `SELECT gen_random_uuid(), $1::uuid, moment, ${keys}, sum(total), sum(failed), max(last_at),
      coalesce(array_agg(bucket ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL), '{}'),
      coalesce(array_agg(count ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL), '{}')
    FROM (
      SELECT ${time} AS moment, ${keys}, held.bucket, sum(held.count) AS count,
        sum(total) FILTER (WHERE held.place = 1) AS total, sum(failed) FILTER (WHERE held.place = 1) AS failed,
        max(last_at) AS last_at
      FROM usage_hour
      LEFT JOIN LATERAL unnest(bucket_numbers, bucket_counts) WITH ORDINALITY AS held (bucket, count, place) ON true
      WHERE workspace_id = $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz
      GROUP BY 1, ${keys}, held.bucket
    ) AS counted GROUP BY moment, ${keys}`
}

const COLUMNS = 'total, failed, last_at, bucket_numbers, bucket_counts'
const TOTAL_KEYS = 'operation, surface, client_name'
const PROMPT_KEYS = 'prompt_id, version_number, operation, surface, client_name'

const TOTALS = `INSERT INTO usage_total_hour (id, workspace_id, hour, ${TOTAL_KEYS}, ${COLUMNS})
  ${summedUp('hour', TOTAL_KEYS)}`
const TOTAL_DAYS = `INSERT INTO usage_total_day (id, workspace_id, hour, ${TOTAL_KEYS}, ${COLUMNS})
  ${summedUp(`date_trunc('day', hour, 'UTC')`, TOTAL_KEYS)}`
const PROMPTS = `INSERT INTO usage_prompt_day (id, workspace_id, hour, ${PROMPT_KEYS}, ${COLUMNS})
  ${summedUp(`date_trunc('day', hour, 'UTC')`, PROMPT_KEYS)}`
