import type { Pool } from 'pg'
import { type Parts, readParts } from '../sums/parts.ts'
import type { Run } from '../sums/runs.ts'
import {
  callersFrom,
  filterValues,
  part,
  promptPart,
  readSource,
  USAGE_HOUR,
  type UsageFilter,
  union,
  WHERE,
} from '../usage-source.ts'
import { daysOf, readUnlisted, runsOf } from './listed.ts'

/** A prompt that may be among the most used, and how many uses it has at most. */
interface Contender {
  id: string
  most: number
}

/** So many are looked at before everything is read. */
const CONTENDERS = 2000

/** What a reading of the figures of some prompts found. */
export interface Ranked<Row> {
  rows: Row[]
  /** Uses of the last that is shown, at least 1: what has fewer is not shown. */
  least: number
}

/** How a ranking is read. */
export interface Ranking<Row> {
  /** How many prompts, and versions, are shown. */
  shown: number
  /** The ranking of these prompts alone, by ids. */
  among: (prompts: string[]) => Promise<Ranked<Row>>
}

/**
 * Finds what is used most in a span without reading all prompts, exactly: lists of days and months say which prompts
 * had the most uses, and how many the others can have had. Where that leaves open who comes first, because very many
 * are used alike, the uses of all are read.
 */
export async function rankPrompts<Row>(
  pool: Pool,
  filter: UsageFilter,
  { shown, among }: Ranking<Row>,
): Promise<Row[]> {
  if (filter.promptId !== undefined) return (await among([filter.promptId])).rows
  const { contenders, rest } = await readContenders(pool, filter)
  const ofFirst = (count: number) => among(contenders.slice(0, count).map(({ id }) => id))
  const bestAfter = (count: number) => contenders[count]?.most ?? rest
  const first = Math.ceil(1.25 * shown) + 10
  const { rows, least } = await ofFirst(first)
  // Equal uses are in the order of ids: whoever is left out has to have fewer.
  if (bestAfter(first) < least) return rows
  const all = contenders.findLastIndex(({ most }) => most >= least) + 1
  const isEnough = bestAfter(all) < least && all <= CONTENDERS
  return (await (isEnough ? ofFirst(all) : among(await readLeaders(pool, filter, shown)))).rows
}

/** The prompts of the most used prompts and versions, found by the uses of all, which fit into memory. */
async function readLeaders(pool: Pool, filter: UsageFilter, shown: number): Promise<string[]> {
  const { prompts } = await readSource(pool, filter)
  const { rows } = await pool.query<{ prompt_id: string }>(leadersFrom(prompts), [
    ...filterValues(filter),
    shown,
  ])
  return rows.map((row) => row.prompt_id)
}

const leadersFrom = (source: string) => `
WITH used AS MATERIALIZED (
  SELECT usage.prompt_id, usage.version_number, sum((usage.gets + usage.renders + usage.tool_calls)::float8) AS uses
  FROM ${source} WHERE ${WHERE} AND usage.prompt_id IS NOT NULL GROUP BY 1, 2
)
(SELECT prompt_id FROM used GROUP BY prompt_id ORDER BY sum(uses) DESC, prompt_id LIMIT $8)
UNION
(SELECT prompt_id FROM (SELECT * FROM used WHERE version_number IS NOT NULL
  ORDER BY uses DESC, prompt_id, version_number LIMIT $8) version)`

/** Those who can have most uses, in this order, one more than are looked at; and the most that all others can have. */
async function readContenders(
  pool: Pool,
  filter: UsageFilter,
): Promise<{ contenders: Contender[]; rest: number }> {
  const parts = await readParts(pool, filter)
  const runs = filter.actor === undefined ? runsOf(parts) : daysOf(parts)
  const unlisted = await readUnlisted(pool, filter.workspaceId, runs)
  const { rows } = await pool.query<{ id: string | null; most: number }>(
    contendersFrom(wholeFrom(parts, runs, unlisted, filter), listsOf(runs, filter)),
    [...filterValues(filter), filter.actor ?? filter.client ?? filter.surface ?? ''],
  )
  return {
    contenders: rows.flatMap(({ id, most }) => (id === null ? [] : { id, most })),
    rest: rows.find(({ id }) => id === null)?.most ?? 0,
  }
}

/** What is in no list, with each prompt: hours that are not summed up, and days that an older version summed up. */
function wholeFrom(
  { from, firstDay, lastDay, settled, summed, to }: Parts,
  runs: readonly Run[],
  unlisted: readonly Run[],
  { surface, client, actor }: UsageFilter,
): string {
  if (actor !== undefined) {
    const own = callersFrom('usage_caller_day', actor)
    return union(
      ...unlisted.map((run) => part(own, '*', run.from, run.to)),
      part(own, '*', lastDay, Math.max(to, lastDay + 1)),
    )
  }
  const isByWay = surface !== undefined || client !== undefined
  const isListed = (time: number) =>
    runs.some((run) => run.unit === 'day' && run.from <= time && time < run.to) &&
    !unlisted.some((run) => run.unit === 'day' && run.from <= time && time < run.to)
  return union(
    part(USAGE_HOUR, '*', from, isListed(from) ? from : firstDay),
    ...unlisted.map((run) =>
      run.unit === 'hour'
        ? part(USAGE_HOUR, '*', run.from, run.to)
        : promptPart({ ...run, from: Math.max(run.from, firstDay), to: Math.min(run.to, lastDay) }, isByWay),
    ),
    part(USAGE_HOUR, '*', lastDay, isListed(lastDay) ? lastDay : settled),
    part(USAGE_HOUR, '*', summed, to),
    // Never empty.
    part(USAGE_HOUR, '*', to, to + 1),
  )
}

/** The condition for the lists of a filter. One caller's or client's bound its uses by one surface as well. */
function listsOf(runs: readonly Run[], { surface, client, actor }: UsageFilter): string {
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
 * A prompt has at most what lists and whole parts hold of it, and of each list that it is not in what that leaves to
 * the others: `rest`. Numbers are floats, which add up whole numbers faster, and exactly.
 */
const contendersFrom = (whole: string, lists: string) => `
WITH listed AS MATERIALIZED (
  SELECT prompt_ids, uses, rest::float8 AS rest FROM usage_top WHERE workspace_id = $1 AND ${lists}
), bound AS (
  SELECT coalesce(sum(rest), 0) AS rest FROM listed
), held AS (
  SELECT each.prompt_id, each.uses::float8 - listed.rest AS uses
  FROM listed, unnest(listed.prompt_ids, listed.uses) AS each (prompt_id, uses)
  UNION ALL
  SELECT usage.prompt_id, (usage.gets + usage.renders + usage.tool_calls)::float8
  FROM ${whole} WHERE ${WHERE} AND usage.prompt_id IS NOT NULL
)
(SELECT prompt_id AS id, sum(uses) + (SELECT rest FROM bound) AS most FROM held
  GROUP BY prompt_id ORDER BY most DESC, prompt_id LIMIT ${CONTENDERS + 1})
UNION ALL SELECT NULL, rest FROM bound`
