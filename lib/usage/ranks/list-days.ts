import type { PoolClient } from 'pg'
import { USAGE_HOUR } from '../usage-source.ts'

/** So many prompts a list names. A ranking has at most 200 rows, and needs more to prove that they are the first. */
const LISTED = 500
/** So many days are listed in one transaction. */
const AT_ONCE = 7

/**
 * Lists the most used prompts of some days that are summed up, or of a month, and sums up their callers, with prompts
 * and without. The newest come first: people ask for them first, and the last use of a prompt is written once.
 * The caller holds the workspace's row of usage_rolled, so that nobody takes the sums back meanwhile.
 * @returns whether there may be more
 */
export async function listSome(
  client: PoolClient,
  workspaceId: string,
  { until, months_until: months }: { until: Date; months_until: Date | null },
): Promise<boolean> {
  const days = await unlisted(client, 'day', [workspaceId, until, AT_ONCE])
  for (const day of days) {
    for (const statement of [LAST, ACTOR_PROMPTS, ACTORS, TOP_OF_ACTORS])
      await client.query(statement, [workspaceId, day])
    await list(client, 'day', [workspaceId, day])
  }
  await client.query(DAYS, [workspaceId, days])
  if (days.length > 0 || months === null) return days.length > 0
  const [month] = await unlisted(client, 'month', [workspaceId, months, 1])
  if (month !== undefined) await list(client, 'month', [workspaceId, month])
  return month !== undefined
}

/** Lists the most used prompts of an hour of a day that is not summed up yet. */
export function listHour(client: PoolClient, workspaceId: string, hour: Date): Promise<void> {
  return list(client, 'hour', [workspaceId, hour])
}

type Unit = 'hour' | 'day' | 'month'

/** @param values workspace, the end of what is summed up, how many at most */
async function unlisted(client: PoolClient, unit: 'day' | 'month', values: unknown[]): Promise<Date[]> {
  const { rows } = await client.query<{ moment: Date }>(
    `SELECT day.moment FROM (
       SELECT local AT TIME ZONE 'UTC' AS moment FROM generate_series(
         (SELECT date_trunc('${unit}', min(hour) AT TIME ZONE 'UTC') FROM usage_all_hour WHERE workspace_id = $1),
         $2::timestamptz AT TIME ZONE 'UTC' - interval '1 ${unit}', interval '1 ${unit}') AS local
     ) day
     WHERE NOT EXISTS (SELECT FROM usage_top
       WHERE workspace_id = $1 AND unit = '${unit}' AND hour = day.moment AND way = 'all')
     ORDER BY day.moment DESC LIMIT $3`,
    values,
  )
  return rows.map(({ moment }) => moment)
}

async function list(client: PoolClient, unit: Unit, values: unknown[]): Promise<void> {
  await client.query(topOf(unit), values)
  await client.query(
    `INSERT INTO usage_top (workspace_id, unit, hour, way, name, prompt_ids, uses, rest)
     VALUES ($1, '${unit}', $2, 'all', '', '{}', '{}', 0) ON CONFLICT DO NOTHING`,
    values,
  )
}

const PROMPTS: Record<Unit, string> = {
  hour: USAGE_HOUR,
  day: 'usage_prompt_way_day',
  month: 'usage_prompt_way_month',
}

/** What a list has of rows with their place. */
const LISTS = `array_agg(prompt_id ORDER BY place) FILTER (WHERE place <= ${LISTED}),
  array_agg(uses ORDER BY place) FILTER (WHERE place <= ${LISTED}), coalesce(max(uses) FILTER (WHERE place > ${LISTED}), 0)`

/** One pass over the prompts of an hour, day or month makes the lists of everything, of surfaces and of clients. */
const topOf = (unit: Unit) => `
INSERT INTO usage_top (workspace_id, unit, hour, way, name, prompt_ids, uses, rest)
SELECT $1, '${unit}', $2, way, name, ${LISTS}
FROM (
  SELECT way, name, prompt_id, uses, row_number() OVER (PARTITION BY way, name ORDER BY uses DESC, prompt_id) AS place
  FROM (
    SELECT CASE grouping(surface, client) WHEN 3 THEN 'all' WHEN 1 THEN 'surface' ELSE 'client' END AS way,
      coalesce(surface, client, '') AS name, prompt_id, sum(uses) AS uses
    FROM (
      SELECT surface, coalesce(client_name, '') AS client, prompt_id, gets + renders + tool_calls AS uses
      FROM ${PROMPTS[unit]} WHERE workspace_id = $1 AND hour = $2::timestamptz AND prompt_id IS NOT NULL
    ) each GROUP BY GROUPING SETS ((prompt_id), (surface, prompt_id), (client, prompt_id))
  ) summed
) placed WHERE place <= ${LISTED + 1} GROUP BY way, name`

const LAST = `
INSERT INTO usage_prompt_last (workspace_id, prompt_id, last_at)
SELECT $1, prompt_id, max(last_at) FROM usage_prompt_day
WHERE workspace_id = $1 AND hour = $2::timestamptz AND prompt_id IS NOT NULL GROUP BY prompt_id ORDER BY prompt_id
ON CONFLICT (workspace_id, prompt_id) DO UPDATE SET last_at = excluded.last_at
WHERE usage_prompt_last.last_at < excluded.last_at`

/** All of them in one go: a row is written once for each month. */
const DAYS = `
INSERT INTO usage_prompt_month_days AS known (workspace_id, month, prompt_id, days)
SELECT $1::uuid, date_trunc('month', hour AT TIME ZONE 'UTC')::date, prompt_id,
  bit_or(1 << (extract(day FROM hour AT TIME ZONE 'UTC')::integer - 1))
FROM usage_prompt_day WHERE workspace_id = $1 AND hour = ANY ($2::timestamptz[]) AND prompt_id IS NOT NULL
GROUP BY 2, 3 ORDER BY 2, 3
ON CONFLICT (workspace_id, month, prompt_id) DO UPDATE SET days = known.days | excluded.days
WHERE known.days | excluded.days <> known.days`

/** As those of surfaces and clients, for each caller. */
const TOP_OF_ACTORS = `
INSERT INTO usage_top (workspace_id, unit, hour, way, name, prompt_ids, uses, rest)
SELECT $1, 'day', $2, 'actor', actor_id::text, ${LISTS}
FROM (
  SELECT actor_id, prompt_id, sum(gets + renders + tool_calls) AS uses,
    row_number() OVER (PARTITION BY actor_id ORDER BY sum(gets + renders + tool_calls) DESC, prompt_id) AS place
  FROM usage_actor_prompt_day WHERE workspace_id = $1 AND hour = $2::timestamptz AND prompt_id IS NOT NULL
  GROUP BY actor_id, prompt_id
) placed WHERE place <= ${LISTED + 1} GROUP BY actor_id`

/** In order, so that what one caller used of a prompt lies together. */
const ACTOR_PROMPTS = `
INSERT INTO usage_actor_prompt_day (id, workspace_id, hour, actor_id, prompt_id, version_number, surface, client_name,
  gets, renders, tool_calls, failed, last_at)
SELECT gen_random_uuid(), $1, hour, actor_id, prompt_id, version_number, surface, client_name, sum(gets), sum(renders),
  sum(tool_calls), sum(failed), max(last_at)
FROM usage_caller_day WHERE workspace_id = $1 AND hour = $2::timestamptz
GROUP BY hour, actor_id, prompt_id, version_number, surface, client_name ORDER BY actor_id, prompt_id`

const ACTORS = `
INSERT INTO usage_actor_day (id, workspace_id, hour, surface, client_name, actor_id, gets, renders, tool_calls, failed, last_at)
SELECT gen_random_uuid(), $1, hour, surface, client_name, actor_id, sum(gets), sum(renders), sum(tool_calls), sum(failed),
  max(last_at)
FROM usage_actor_prompt_day WHERE workspace_id = $1 AND hour = $2::timestamptz GROUP BY hour, surface, client_name, actor_id`
