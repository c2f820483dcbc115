import type { Pool } from 'pg'
import { readParts } from '../sums/parts.ts'
import type { Run } from '../sums/runs.ts'
import { filterValues, part, type UsageFilter, union, WHERE } from '../usage-source.ts'
import { readUnlisted } from './listed.ts'
import { askContenders, contendersFrom, listsOf, proveRanking, type Ranked } from './proven.ts'

/** A reason by the hash of what tells it apart, with what its rows of a span add up to. */
export interface Frequent {
  alike: string
  total: number
  last_at: Date
}

/** Lists prove no more than so many. */
const LISTED_MAX = 200

/** The condition for one caller. */
export const isOfActor = ({ actor }: UsageFilter): string =>
  actor === undefined ? 'true' : `usage.actor_id = '${actor}'::uuid`

/**
 * The most frequent reasons of what failed, exactly: lists of months, thirds of them and days say which they can be.
 * Those of one prompt are found by its index; all are read where many are asked for, or where lists prove nothing.
 */
export async function readFrequent(pool: Pool, filter: UsageFilter, shown: number): Promise<Frequent[]> {
  const proven =
    filter.promptId === undefined && shown <= LISTED_MAX ? await readProven(pool, filter, shown) : undefined
  if (proven !== undefined) return proven
  const { rows } = await pool.query<Frequent>(sumsFrom(filter, ''), [...filterValues(filter), shown])
  return rows
}

/** @returns undefined where lists do not help */
async function readProven(pool: Pool, filter: UsageFilter, shown: number): Promise<Frequent[] | undefined> {
  const { from, firstDay, lastDay, thirds: runs, to } = await readParts(pool, filter)
  if (runs.length === 0) return undefined
  const unlisted = await readUnlisted(pool, filter.workspaceId, runs, 'usage_failure_top')
  const whole = union(
    ...[{ from, to: firstDay }, ...unlisted, { from: lastDay, to: Math.max(to, lastDay + 1) }].map((run) =>
      part('usage_failure_hour', '*', run.from, run.to),
    ),
  )
  const contenders = await askContenders(pool, statement(filter, runs, whole), filter)
  return proveRanking(contenders, { shown, among: (ids) => readAmong(pool, filter, ids, shown) })
}

function statement(filter: UsageFilter, runs: readonly Run[], whole: string): string {
  return contendersFrom(
    `SELECT alike AS ids, totals AS uses, rest FROM usage_failure_top
      WHERE workspace_id = $1 AND ${listsOf(runs, filter)}`,
    `SELECT usage.alike AS id, usage.total AS uses FROM ${whole} WHERE ${WHERE} AND ${isOfActor(filter)}`,
  )
}

async function readAmong(
  pool: Pool,
  filter: UsageFilter,
  ids: string[],
  shown: number,
): Promise<Ranked<Frequent>> {
  const { rows } = await pool.query<Frequent>(sumsFrom(filter, 'AND usage.alike = ANY ($9::bigint[])'), [
    ...filterValues(filter),
    shown,
    ids,
  ])
  return { rows, least: rows.length < shown ? 1 : (rows.at(-1)?.total ?? 1) }
}

/** Rows that are alike stand together in an index: they are added up in its order. */
const sumsFrom = (filter: UsageFilter, among: string) => `
SELECT alike, sum(total::float8) AS total, max(last_at) AS last_at FROM (
  SELECT usage.alike, usage.total, usage.last_at FROM usage_failure_hour usage
  WHERE usage.workspace_id = $1 AND ${WHERE} AND ${isOfActor(filter)} ${among} ORDER BY usage.alike
) one GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT $8`

/** How many reasons there are, up to a bound. They are counted in the order of the same index, which ends early. */
export async function countFrequent(pool: Pool, filter: UsageFilter, most: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (
      SELECT DISTINCT usage.alike FROM usage_failure_hour usage
      WHERE usage.workspace_id = $1 AND ${WHERE} AND ${isOfActor(filter)} ORDER BY 1 LIMIT $8
    ) reasons`,
    [...filterValues(filter), most],
  )
  return rows[0]?.count ?? 0
}
