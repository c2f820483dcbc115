import type { Pool } from 'pg'
import { isOfActor, readFrequent } from './ranks/frequent-failures.ts'
import { readParts } from './sums/parts.ts'
import { filterValues, part, type UsageFilter, union, WHERE } from './usage-source.ts'
import type { Failure } from './use-schema.ts'

const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/**
 * What some reasons are, in the order in which they are given: any row with the hash of one says it.
 * `tried`: what the same client used before the version of a row, the newest first, and whether that failed alike.
 */
const failuresFrom = (isOne: string, past: string) => `
WITH counted AS MATERIALIZED (
  SELECT given.place, given.total, given.last_at, first.*
  FROM unnest($8::bigint[], $9::float8[], $10::timestamptz[]) WITH ORDINALITY AS given (alike, total, last_at, place)
  CROSS JOIN LATERAL (
    SELECT usage.code, usage.variable, usage.asked, usage.prompt_id, usage.version_number, usage.label,
      usage.client_name, usage.first_at
    FROM usage_failure_hour usage WHERE usage.alike = given.alike AND ${WHERE} AND ${isOne}
    ORDER BY usage.hour, usage.first_at LIMIT 1
  ) first
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
  const [frequent, past] = await Promise.all([readFrequent(pool, filter, limit), readPast(pool, filter)])
  const { rows } = await pool.query<FailureRow>(failuresFrom(isOfActor(filter), past), [
    ...filterValues(filter),
    frequent.map(({ alike }) => alike),
    frequent.map(({ total }) => total),
    frequent.map(({ last_at }) => last_at),
  ])
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
