import type { Pool } from 'pg'
import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import type { Tally } from '../figures.ts'
import { percentile } from '../histogram.ts'
import { assertMayReadUsage } from '../policy.ts'
import { type CountRow, HELD, SUMS, tallyOf } from '../stats-queries.ts'
import { filterValues, readSource, type UsageFilter, WHERE } from '../usage-source.ts'

/** Which uses, by ids: who asks has resolved names long before. */
export interface HoursQuery {
  promptId?: string | undefined
  categoryId?: string | undefined
  label?: string | undefined
  /** Empty: clients that gave no name. */
  client?: string | undefined
  /** Starts of hours, in milliseconds; at least one. */
  hours: readonly number[]
}

export interface Hours {
  /** By the start of the hour in milliseconds; hours without uses are left out. */
  tallies: Map<number, Tally>
  /** The first hour in which the prompt, or anything, was used at all. */
  firstUse: number | null
}

const HOUR_MS = 3_600_000

/**
 * Uses in single hours, from the hourly roll-ups.
 * @throws forbidden, unavailable
 */
export const getHours = operation('getHours', run)

async function run(actor: Actor, query: HoursQuery): Promise<Hours> {
  assertMayReadUsage(actor)
  const { workspaceId } = actor
  const { promptId, client, categoryId = null, label = null, hours } = query
  const span = { from: new Date(Math.min(...hours)), to: new Date(Math.max(...hours) + HOUR_MS) }
  const filter: UsageFilter = {
    workspaceId,
    ...span,
    promptId,
    client,
    version: undefined,
    surface: undefined,
  }
  return readReplica(actor, async (pool) => {
    const isByEvent = categoryId !== null || label !== null
    const source = isByEvent ? BY_EVENT : (await readSource(pool, filter)).hours
    const values: unknown[] = [...filterValues(filter), hours.map((hour) => new Date(hour))]
    if (isByEvent) values.push(label, categoryId)
    const where = `${WHERE} AND usage.hour = ANY ($8::timestamptz[])${isByEvent ? OF_EVENT : ''}`
    const [tallies, firstUse] = await Promise.all([
      readTallies(pool, { source, where }, values),
      readFirstUse(pool, workspaceId, promptId),
    ])
    return { tallies, firstUse }
  })
}

/** The roll-ups that know labels, in the form of those that are made from them. */
const BY_EVENT = `(SELECT workspace_id, hour, prompt_id, version_number, label, surface, client_name,
    CASE operation WHEN 'get' THEN total ELSE 0 END AS gets,
    CASE operation WHEN 'render' THEN total ELSE 0 END AS renders,
    CASE operation WHEN 'tool' THEN total ELSE 0 END AS tool_calls,
    failed, last_at, bucket_numbers, bucket_counts FROM usage_hour) usage`

const OF_EVENT = ` AND ($9::text IS NULL OR usage.label = $9) AND ($10::uuid IS NULL OR usage.prompt_id IN
    (SELECT p.id FROM prompt_template p WHERE p.workspace_id = $1 AND p.category_id = $10))`

async function readTallies(
  pool: Pool,
  { source, where }: { source: string; where: string },
  values: unknown[],
): Promise<Map<number, Tally>> {
  const [counts, buckets] = await Promise.all([
    pool.query<CountRow & { time: Date }>(
      `SELECT usage.hour AS time, ${SUMS} FROM ${source} WHERE ${where} GROUP BY 1`,
      values,
    ),
    pool.query<{ time: Date; bucket: number; count: number }>(
      `SELECT time, bucket, sum(count) AS count
       FROM (SELECT usage.hour AS time, ${HELD} FROM ${source} WHERE ${where}) held GROUP BY 1, 2`,
      values,
    ),
  ])
  const tallies = new Map(counts.rows.map((row) => [row.time.getTime(), tallyOf(row)]))
  for (const { time, bucket, count } of buckets.rows) {
    const tally = tallies.get(time.getTime())
    if (tally !== undefined) tally.buckets[bucket] = count
  }
  return tallies
}

async function readFirstUse(
  pool: Pool,
  workspaceId: string,
  promptId: string | undefined,
): Promise<number | null> {
  const { rows } = await pool.query<{ hour: Date | null }>(
    promptId === undefined
      ? {
          name: 'usage.first',
          text: 'SELECT min(hour) AS hour FROM usage_hour WHERE workspace_id = $1',
          values: [workspaceId],
        }
      : {
          name: 'usage.first-of-prompt',
          text: 'SELECT min(hour) AS hour FROM usage_hour WHERE workspace_id = $1 AND prompt_id = $2',
          values: [workspaceId, promptId],
        },
  )
  return rows[0]?.hour?.getTime() ?? null
}

/** The milliseconds that 95 % of uses stay below; null: there were none. @param buckets counts of tallies */
export function p95Of(buckets: number[]): number | null {
  // A dense array, so that the percentile's sums meet no holes.
  const dense = Array.from(buckets, (count: number | undefined) => count ?? 0)
  const microseconds = percentile(dense, 0.95)
  return microseconds === null ? null : microseconds / 1000
}
