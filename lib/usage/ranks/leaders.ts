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
import {
  askContenders,
  type Contenders,
  contendersFrom,
  listsOf,
  proveRanking,
  type Ranking,
} from './proven.ts'

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
  const proven = await proveRanking(await readContenders(pool, filter), { shown, among })
  return proven ?? (await among(await readLeaders(pool, filter, shown))).rows
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

async function readContenders(pool: Pool, filter: UsageFilter): Promise<Contenders> {
  const parts = await readParts(pool, filter)
  const runs = filter.actor === undefined ? runsOf(parts) : daysOf(parts)
  const unlisted = await readUnlisted(pool, filter.workspaceId, runs)
  const statement = contendersFrom(
    `SELECT prompt_ids AS ids, uses, rest FROM usage_top WHERE workspace_id = $1 AND ${listsOf(runs, filter)}`,
    `SELECT usage.prompt_id AS id, usage.gets + usage.renders + usage.tool_calls AS uses
      FROM ${wholeFrom(parts, runs, unlisted, filter)} WHERE ${WHERE} AND usage.prompt_id IS NOT NULL`,
  )
  return askContenders(pool, statement, filter)
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
