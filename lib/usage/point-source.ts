import type { Pool } from 'pg'
import type { Cut } from './cut.ts'
import { readParts } from './sums/parts.ts'
import {
  COUNTED,
  HISTOGRAM,
  NO_PROMPT,
  NO_WAY,
  openWays,
  part,
  SUMMED,
  USAGE_HOUR,
  type UsageFilter,
  union,
} from './usage-source.ts'

/** Where the uses of points are read from, as a `FROM` with the alias `usage`; a use's `hour` is in its point. */
export interface PointSource {
  /** For sums alone. */
  readonly all: string
  /** By way and client. */
  readonly ways: string
  /**
   * By prompt and version, and by way and client where the filter asks for these, without histograms: of few prompts,
   * which are found by their index.
   */
  readonly prompts: string
}

/** Of a statement that has the cut's interval as $8 and its time zone as $9. */
export const POINT = 'date_trunc($8::text, usage.hour, $9::text)'

/**
 * The hours of the span with the `time` of their points, for the WITH of such a statement. To cut the time of each row
 * takes as long as to add it up. Groups of histograms do without: the planner takes them for many, and sorts.
 */
export const POINTS = `points AS MATERIALIZED (
    SELECT usage.hour, ${POINT} AS time FROM generate_series(
      date_trunc('hour', $2::timestamptz, 'UTC'), $3::timestamptz, interval '1 hour') AS usage (hour)
  )`
export const IN_POINT = 'JOIN points ON points.hour = usage.hour'

const DAY = `date_trunc('day', hour, 'UTC')`
const NOON = `${DAY} + interval '12 hours'`

/**
 * The smallest source for points. Days and longer ones are made from days of UTC wherever the time zone is: a day
 * counts where its noon is, and the few hours for which that is the wrong point are moved: added, and taken away there.
 */
export async function readPointSource(
  pool: Pool,
  filter: UsageFilter,
  { interval, timezone }: Cut,
): Promise<PointSource> {
  const parts = await readParts(pool, filter)
  const { from, to, settled } = parts
  const isByHour = interval === 'hour'
  // Hours alone are read from the first to the last that are summed up.
  const [first, last] = isByHour ? [settled, settled] : [parts.firstDay, parts.lastDay]
  const isMoved = timezone !== 'UTC'
  const ofWays = (hours: string, ways: string) => {
    const columns = `${NO_PROMPT}, ${ways}, ${COUNTED}`
    return union(
      part(hours, columns, from, first),
      ...days({ days: 'usage_way_day', hours, columns, isMoved }, first, last),
      part(hours, columns, last, settled),
      openWays(parts, ways),
    )
  }
  const ofPrompts = (table: string, columns: string, keys?: string) =>
    union(
      part(USAGE_HOUR, columns, from, first),
      ...days({ days: table, hours: USAGE_HOUR, columns, isMoved, keys }, first, last),
      part(USAGE_HOUR, columns, last, to),
    )
  const isByWay = filter.surface !== undefined || filter.client !== undefined
  const byWay = () => ofPrompts('usage_prompt_way_day', `${PROMPT}, ${WAY}, ${SUMMED}`, `${PROMPT}, ${WAY}`)
  const prompts = isByWay ? byWay() : ofPrompts('usage_prompt_day', `${PROMPT}, ${NO_WAY}, ${SUMMED}`, PROMPT)
  if (filter.promptId !== undefined) {
    const all = ofPrompts('usage_prompt_way_day', `${PROMPT}, ${WAY}, ${COUNTED}`)
    return { all, ways: byWay(), prompts }
  }
  const ways = ofWays('usage_way_hour', WAY)
  return { all: isByWay ? ways : ofWays('usage_all_hour', NO_WAY), ways, prompts }
}

const PROMPT = 'prompt_id, version_number'
const WAY = 'surface, client_name'

interface Tables {
  days: string
  /** Of the same uses. */
  hours: string
  columns: string
  /** The zone's days are others than those of UTC. */
  isMoved: boolean
  /** Of columns without histograms: what distinguishes rows. Hours that are moved together are one row then. */
  keys?: string | undefined
}

/** Whole days of UTC between two times, at their noon. */
function days({ days, hours, columns, isMoved, keys }: Tables, from: number, to: number): string[] {
  if (from >= to) return []
  const [start, end] = [from, to].map((time) => `'${new Date(time).toISOString()}'::timestamptz`)
  const moved = `hour = ANY (ARRAY(
      SELECT hour FROM generate_series(${start}, ${end} - interval '1 hour', interval '1 hour') AS hour
      WHERE date_trunc($8::text, hour, $9::text) <> date_trunc($8::text, ${NOON}, $9::text)))`
  // Midnight of a zone is once in half a day of UTC: hours before noon are moved to one point, and those after it.
  const together =
    keys &&
    `(SELECT workspace_id, ${keys}, min(hour) AS hour, ${SUMS} FROM ${hours} WHERE workspace_id = $1 AND ${moved}
      GROUP BY workspace_id, ${keys}, ${DAY}, hour < ${NOON}) moving`
  const both = `FROM ${together ?? hours} CROSS JOIN LATERAL (VALUES (hour, 1), (${NOON}, -1)) AS moved (at, sign)
    WHERE workspace_id = $1${together === undefined ? ` AND ${moved}` : ''}`
  const atNoon = `SELECT workspace_id, ${NOON} AS hour, ${columns} FROM ${days}
    WHERE hour >= ${start} AND hour < ${end}`
  if (!isMoved) return [atNoon]
  return [
    atNoon,
    `SELECT workspace_id, moved.at, ${columns.replace(SUMMED, SIGNED).replace(HISTOGRAM, SIGNED_HISTOGRAM)} ${both}`,
  ]
}

const SUMS = `sum(gets)::bigint AS gets, sum(renders)::bigint AS renders, sum(tool_calls)::bigint AS tool_calls,
  sum(failed)::bigint AS failed, max(last_at) AS last_at`

/** The same uses, or as many taken away. */
const SIGNED = 'sign * gets, sign * renders, sign * tool_calls, sign * failed, last_at'
const SIGNED_HISTOGRAM = `bucket_numbers, CASE sign WHEN 1 THEN bucket_counts ELSE
  ARRAY(SELECT -count FROM unnest(bucket_counts) WITH ORDINALITY AS held (count, place) ORDER BY place) END`
