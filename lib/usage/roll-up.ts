import type { Pool } from 'pg'
import { USAGE_HOUR } from './usage-source.ts'

const DAY_MS = 86_400_000
/** A day is summed up when it has been over for so long that no instance can still hold events of it. */
const SETTLED_MS = DAY_MS

/**
 * Sums up the days that are over, for statistics: each hour and day by way and client, and each
 * prompt by days.
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
      for (const statement of STATEMENTS) await client.query(statement, [workspaceId, from, to])
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
