import type { Pool } from 'pg'
import type { Cut } from './cut.ts'
import type { Tally } from './figures.ts'
import { IN_POINT, POINT, POINTS, type PointSource, readPointSource } from './point-source.ts'
import { rankPrompts } from './ranks/leaders.ts'
import type { TimeseriesQuery } from './schema.ts'
import { type Span, wholeHour } from './span.ts'
import { type CountRow, HELD, RESUMS, SUMS, tallyOf, USES } from './stats-queries.ts'
import { filterValues, readSource, type UsageFilter, type UsageSource, WHERE } from './usage-source.ts'

const HOUR_MS = 3_600_000

export type Split = NonNullable<TimeseriesQuery['by']>

/** One pass over the roll-ups. Those of a point that have the same histogram are added up before it is taken apart. */
const pointsFrom = (source: string) => `WITH alike AS MATERIALIZED (
    SELECT ${POINT} AS time, usage.bucket_numbers, usage.bucket_counts, count(*) AS times, ${SUMS}
    FROM ${source} WHERE ${WHERE} GROUP BY 1, 2, 3
  ), held AS (
    SELECT time, array_agg(bucket) AS buckets, array_agg(count) AS counts FROM (
      SELECT time, bucket, sum(count * times) AS count FROM (SELECT time, times, ${HELD} FROM alike usage) held
      GROUP BY 1, 2
    ) each GROUP BY 1
  )
  SELECT summed.*, held.buckets, held.counts
  FROM (SELECT time, ${RESUMS} FROM alike GROUP BY 1) summed LEFT JOIN held USING (time)`

/**
 * Days and longer are counted on the calendar of the zone, so that they are whole where the clocks change; the last is
 * that of the last hour that is counted.
 */
const CALENDAR = `SELECT local AT TIME ZONE $4::text AS time FROM generate_series(
  date_trunc($3::text, $1::timestamptz AT TIME ZONE $4::text),
  date_trunc('hour', $2::timestamptz - interval '1 microsecond', 'UTC') AT TIME ZONE $4::text, ('1 ' || $3::text)::interval) AS local`

/** The starts of all points in order, and what was counted in those that are not empty. */
export async function readPoints(
  pool: Pool,
  filter: UsageFilter,
  { interval, timezone }: Cut,
): Promise<{ times: number[]; tallies: Map<number, Tally> }> {
  const values = [...filterValues(filter), interval, timezone]
  const { all } = await readPointSource(pool, filter, { interval, timezone })
  const [times, points] = await Promise.all([
    readTimes(pool, filter, { interval, timezone }),
    pool.query<CountRow & { time: Date }>(pointsFrom(all), values),
  ])
  return { times, tallies: new Map(points.rows.map((row) => [row.time.getTime(), tallyOf(row)])) }
}

/** The starts of all points of a span in order, in milliseconds. */
export async function readTimes(
  pool: Pool,
  { from, to }: Span,
  { interval, timezone }: Cut,
): Promise<number[]> {
  if (interval === 'hour') return hoursBetween(from, to)
  const { rows } = await pool.query<{ time: Date }>(CALENDAR, [from, to, interval, timezone])
  return rows.map(({ time }) => time.getTime())
}

/** Hours on the clock of the world: the one that a change of clocks repeats is there twice. */
function hoursBetween(from: Date, to: Date): number[] {
  const start = wholeHour(from).getTime()
  const count = Math.ceil((to.getTime() - start) / HOUR_MS)
  return Array.from({ length: count }, (_, n) => start + n * HOUR_MS)
}

/** The columns that distinguish uses by surface and client. */
const WAYS = { surface: 'usage.surface', client: `coalesce(usage.client_name, '')` }
/** The expression that distinguishes versions: their numbers, which begin with one, or nothing. */
const VERSIONS = { prompt: '0', version: 'usage.version_number' }

/** So many keys stand for themselves. */
export const KEYS_MAX = 6
export const OTHER = 'other'

/** Few keys in few rows: all are read, and ranked afterwards. */
const wayUses = (key: string, { ways }: PointSource) => `WITH ${POINTS}, base AS MATERIALIZED (
    SELECT points.time, ${key} AS key, ${USES} AS uses FROM ${ways} ${IN_POINT} WHERE ${WHERE} GROUP BY 1, 2
  ), ranked AS (
    SELECT key, row_number() OVER (ORDER BY sum(uses) DESC, key) AS place FROM base GROUP BY key
  )
  SELECT base.time, CASE WHEN ranked.place <= ${KEYS_MAX} THEN base.key END AS key, sum(base.uses) AS uses
  FROM base JOIN ranked USING (key) GROUP BY 1, 2, least(ranked.place, ${KEYS_MAX + 1})
  HAVING sum(base.uses) > 0 ORDER BY least(ranked.place, ${KEYS_MAX + 1})`

/** A prompt or version that stands for itself. */
interface Key {
  prompt_id: string
  /** 0: the prompt, with all its versions. */
  version: number
  uses: string
}

/** @param version the expression that distinguishes the versions of a prompt, or none */
const keysFrom = (version: string, { prompts }: UsageSource) => `
  SELECT usage.prompt_id, ${version} AS version, ${USES} AS uses FROM ${prompts}
  WHERE ${WHERE} AND usage.prompt_id = ANY ($8::uuid[]) AND (${version}) IS NOT NULL
  GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ${KEYS_MAX}`

/** The most used first. */
async function readKeys(pool: Pool, filter: UsageFilter, statement: string): Promise<Key[]> {
  return rankPrompts(pool, filter, {
    shown: KEYS_MAX,
    async among(prompts) {
      const { rows } = await pool.query<Key>(statement, [...filterValues(filter), prompts])
      return { rows, least: rows.length < KEYS_MAX ? 1 : Number(rows.at(-1)?.uses) }
    },
  })
}

/** The points of the keys by the index of prompts; the others are what remains of each point. */
const promptUses = (
  version: string,
  { all, prompts }: PointSource,
) => `WITH ${POINTS}, ranked AS MATERIALIZED (
    SELECT * FROM unnest($10::uuid[], $11::integer[]) WITH ORDINALITY AS key (prompt_id, version, place)
  ), read AS MATERIALIZED (
    SELECT points.time, usage.prompt_id, ${version} AS version, ${USES} AS uses FROM ${prompts} ${IN_POINT}
    WHERE ${WHERE} AND usage.prompt_id = ANY ($10) GROUP BY 1, 2, 3
  ), shown AS MATERIALIZED (
    SELECT read.time, ranked.prompt_id, ranked.version, read.uses, ranked.place
    FROM read JOIN ranked USING (prompt_id, version)
  ), whole AS (
    SELECT points.time, ${USES} AS uses FROM ${all} ${IN_POINT} WHERE ${WHERE} GROUP BY 1
  ), named AS (
    SELECT time, CASE version WHEN 0 THEN prompt_id::text ELSE prompt_id || '@' || version END AS key, uses, place
    FROM shown
    UNION ALL
    SELECT time, NULL, uses - coalesce((SELECT sum(uses) FROM shown WHERE shown.time = whole.time), 0), ${KEYS_MAX + 1}
    FROM whole
  )
  SELECT time, key, uses FROM named WHERE uses > 0 ORDER BY place, key`

interface PointUses {
  time: Date
  /** null: all others. */
  key: string | null
  uses: string
}

async function readUses(pool: Pool, filter: UsageFilter, cut: Cut, by: Split): Promise<PointUses[]> {
  const source = await readPointSource(pool, filter, cut)
  const values = [...filterValues(filter), cut.interval, cut.timezone]
  if (by === 'surface' || by === 'client')
    return (await pool.query<PointUses>(wayUses(WAYS[by], source), values)).rows
  const keys = await readKeys(pool, filter, keysFrom(VERSIONS[by], await readSource(pool, filter)))
  const named = [keys.map((key) => key.prompt_id), keys.map((key) => key.version)]
  return (await pool.query<PointUses>(promptUses(VERSIONS[by], source), [...values, ...named])).rows
}

/** Uses of each point by key, and the keys, most used first; the remaining keys become "other". */
export async function readSplit(
  pool: Pool,
  filter: UsageFilter,
  { interval, timezone }: Cut,
  by: Split,
): Promise<{ keys: string[]; series: Map<number, Map<string, number>> }> {
  const rows = await readUses(pool, filter, { interval, timezone }, by)
  const names = await readNames(
    pool,
    filter.workspaceId,
    by,
    rows.map((row) => row.key ?? ''),
  )
  const keys = new Set<string>()
  const series = new Map<number, Map<string, number>>()
  for (const row of rows) {
    const name = row.key === null ? OTHER : nameOf(row.key, names)
    keys.add(name)
    const point = series.get(row.time.getTime()) ?? new Map<string, number>()
    // A client may call itself "other" as well.
    point.set(name, (point.get(name) ?? 0) + Number(row.uses))
    series.set(row.time.getTime(), point)
  }
  return { keys: [...keys], series }
}

async function readNames(
  pool: Pool,
  workspaceId: string,
  by: Split,
  keys: string[],
): Promise<Map<string, string>> {
  if (by !== 'prompt' && by !== 'version') return new Map()
  const ids = [...new Set(keys.filter((key) => key !== '').map((key) => key.slice(0, 36)))]
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT id, name FROM prompt_template WHERE workspace_id = $1 AND id = ANY ($2::uuid[])',
    [workspaceId, ids],
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

function nameOf(key: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(key.slice(0, 36))
  return name === undefined ? key : `${name}${key.slice(36)}`
}
