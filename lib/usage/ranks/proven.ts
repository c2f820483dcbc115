import type { Pool } from 'pg'
import type { Run } from '../sums/runs.ts'
import { filterValues, type UsageFilter } from '../usage-source.ts'

/** What may be among the first of a ranking, and how often it was counted at most. */
interface Contender {
  id: string
  most: number
}

/** Those who can have most, in this order, one more than are looked at; and the most that all others can have. */
export interface Contenders {
  contenders: Contender[]
  rest: number
}

/** So many are looked at before everything is read. */
const CONTENDERS = 2000

/** What a reading of the figures of some contenders found. */
export interface Ranked<Row> {
  rows: Row[]
  /** The count of the last that is shown, at least 1: what has less is not shown. */
  least: number
}

/** How a ranking is read. */
export interface Ranking<Row> {
  /** How many are shown. */
  shown: number
  /** The ranking of these alone, by ids. */
  among: (ids: string[]) => Promise<Ranked<Row>>
}

/**
 * The first of a ranking, exactly, from the figures of contenders alone.
 * @returns undefined: very many are alike, and who comes first stays open
 */
export async function proveRanking<Row>(
  { contenders, rest }: Contenders,
  { shown, among }: Ranking<Row>,
): Promise<Row[] | undefined> {
  const ofFirst = (count: number) => among(contenders.slice(0, count).map(({ id }) => id))
  const bestAfter = (count: number) => contenders[count]?.most ?? rest
  const first = Math.ceil(1.25 * shown) + 10
  const { rows, least } = await ofFirst(first)
  // Equal counts have an order of their own: whoever is left out has to have fewer.
  if (bestAfter(first) < least) return rows
  const all = contenders.findLastIndex(({ most }) => most >= least) + 1
  if (bestAfter(all) >= least || all > CONTENDERS) return undefined
  return (await ofFirst(all)).rows
}

/** The condition for the lists of a filter. One caller's or client's bound what it has by one surface as well. */
export function listsOf(runs: readonly Run[], { surface, client, actor }: UsageFilter): string {
  const way =
    actor !== undefined
      ? 'actor'
      : client !== undefined
        ? 'client'
        : surface !== undefined
          ? 'surface'
          : 'all'
  const at = (time: number) => `'${new Date(time).toISOString()}'::timestamptz`
  const times = runs.map(
    ({ unit, from, to }) => `unit = '${unit}' AND hour >= ${at(from)} AND hour < ${at(to)}`,
  )
  return `way = '${way}' AND name = $8 AND (${times.length === 0 ? 'false' : times.join(' OR ')})`
}

/**
 * Each has at most what lists and whole parts hold of it, and of each list that it is not in what that leaves to the
 * others: `rest`. Numbers are floats, which add up whole numbers faster, and exactly.
 * @param lists selects `ids`, `uses` and `rest` of lists (see listsOf)
 * @param whole selects `id` and `uses` of what is in no list
 */
export const contendersFrom = (lists: string, whole: string) => `
WITH listed AS MATERIALIZED (
  ${lists}
), bound AS (
  SELECT coalesce(sum(rest::float8), 0) AS rest FROM listed
), held AS (
  SELECT each.id, each.uses::float8 - listed.rest::float8 AS uses
  FROM listed, unnest(listed.ids, listed.uses) AS each (id, uses)
  UNION ALL
  SELECT id, uses::float8 FROM (${whole}) counted
)
(SELECT id::text, sum(uses) + (SELECT rest FROM bound) AS most FROM held
  GROUP BY held.id ORDER BY most DESC, held.id LIMIT ${CONTENDERS + 1})
UNION ALL SELECT NULL, rest FROM bound`

/** @param statement of contendersFrom */
export async function askContenders(pool: Pool, statement: string, filter: UsageFilter): Promise<Contenders> {
  const { rows } = await pool.query<{ id: string | null; most: number }>(statement, [
    ...filterValues(filter),
    filter.actor ?? filter.client ?? filter.surface ?? '',
  ])
  return {
    contenders: rows.flatMap(({ id, most }) => (id === null ? [] : { id, most })),
    rest: rows.find(({ id }) => id === null)?.most ?? 0,
  }
}
