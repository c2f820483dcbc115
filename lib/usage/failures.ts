import type { Pool } from 'pg'
import { readParts } from './sums/parts.ts'
import { filterValues, part, type UsageFilter, union, WHERE } from './usage-source.ts'
import type { Failure } from './use-schema.ts'

const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const ORDER = 'total DESC, last_at DESC, code, variable, prompt_id, version_number, label, client_name, asked'

/**
 * The most frequent, added up by the hash of what tells them apart; any row with it says what that is.
 * `tried`: what the same client used before the version of a row, the newest first, and whether that failed alike.
 */
const failuresFrom = (isOfActor: string, past: string) => `
WITH summed AS MATERIALIZED (
  SELECT alike, sum(total::float8) AS total, max(last_at) AS last_at FROM (
    SELECT usage.alike, usage.total, usage.last_at FROM usage_failure_hour usage
    WHERE ${WHERE} AND ${isOfActor} ORDER BY usage.alike
  ) one GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT $8
), found AS (
  SELECT first.code, first.variable, first.asked, first.prompt_id, first.version_number, first.label, first.client_name,
    first.first_at, summed.total, summed.last_at
  FROM summed CROSS JOIN LATERAL (
    SELECT * FROM usage_failure_hour usage WHERE usage.alike = summed.alike AND ${WHERE} AND ${isOfActor}
    ORDER BY usage.hour, usage.first_at LIMIT 1
  ) first
), counted AS MATERIALIZED (
  SELECT row_number() OVER (ORDER BY ${ORDER}) AS place, * FROM found
), used AS MATERIALIZED (
  SELECT DISTINCT usage.prompt_id, usage.version_number, usage.client_name FROM ${past}
  WHERE usage.workspace_id = $1 AND usage.version_number IS NOT NULL
    AND usage.prompt_id = ANY (ARRAY(SELECT prompt_id FROM counted WHERE version_number > 1))
), tried AS (
  SELECT counted.place, array_agg(used.version_number ORDER BY used.version_number DESC) AS versions,
    array_agg(EXISTS (
      SELECT FROM usage_failure_hour failure
      WHERE failure.workspace_id = $1 AND failure.prompt_id = used.prompt_id
        AND failure.version_number = used.version_number AND failure.code = counted.code
        AND failure.variable IS NOT DISTINCT FROM counted.variable
        AND failure.client_name IS NOT DISTINCT FROM counted.client_name
    ) ORDER BY used.version_number DESC) AS failed
  FROM counted JOIN used ON used.prompt_id = counted.prompt_id AND used.version_number < counted.version_number
    AND used.client_name IS NOT DISTINCT FROM counted.client_name
  GROUP BY counted.place
)
SELECT counted.code, counted.variable, counted.asked, prompt.name AS prompt, counted.version_number AS version,
  counted.label, counted.client_name AS client, counted.total AS count,
  ${time('counted.first_at')} AS first_at, ${time('counted.last_at')} AS last_at, tried.versions, tried.failed
FROM counted LEFT JOIN tried USING (place)
LEFT JOIN prompt_template prompt ON prompt.workspace_id = $1 AND prompt.id = counted.prompt_id
ORDER BY counted.place`

interface FailureRow extends Omit<Failure, 'since_version'> {
  versions: number[] | null
  failed: boolean[] | null
}

/**
 * What was used since reasons are known, from months and days; callers, which are fewer than hours, say it of days
 * that are not summed up. Uses before the span count: a version may have failed before it.
 */
async function readPast(pool: Pool, { workspaceId, to }: UsageFilter): Promise<string> {
  const { rows } = await pool.query<{ day: Date | null }>({
    name: 'usage-first-caller',
    text: 'SELECT min(hour) AS day FROM usage_caller_day WHERE workspace_id = $1',
    values: [workspaceId],
  })
  const parts = await readParts(pool, { workspaceId, from: rows[0]?.day ?? to, to })
  const of = (table: string, from: number, end: number) =>
    part(table, 'prompt_id, version_number, client_name', from, end)
  return union(
    ...parts.months.map(({ unit, from, to: end }) => of(`usage_prompt_way_${unit}`, from, end)),
    // Also where there was no caller before `to`: a source is never empty.
    of('usage_caller_day', parts.lastDay, Math.max(parts.to, parts.lastDay + 1)),
  )
}

/** Reasons of what failed, the most frequent first. */
export async function readFailures(pool: Pool, filter: UsageFilter, limit: number): Promise<Failure[]> {
  const isOfActor = filter.actor === undefined ? 'true' : `usage.actor_id = '${filter.actor}'::uuid`
  const statement = failuresFrom(isOfActor, await readPast(pool, filter))
  const { rows } = await pool.query<FailureRow>(statement, [...filterValues(filter), limit])
  return rows.map(({ versions, failed, ...row }) => ({
    ...row,
    since_version: sinceVersion(row.version, versions ?? [], failed ?? []),
  }))
}

/** Goes back as long as each version that was used has failed. */
function sinceVersion(
  version: number | null,
  before: readonly number[],
  failed: readonly boolean[],
): number | null {
  const gap = failed.indexOf(false)
  const unbroken = gap === -1 ? before : before.slice(0, gap)
  return unbroken.at(-1) ?? version
}
