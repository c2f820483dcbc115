import type { Pool } from 'pg'
import { appError } from '../errors.ts'
import { emptyTally, type Tally } from './figures.ts'
import { BUCKETS } from './histogram.ts'
import { rankPrompts } from './ranks/leaders.ts'
import type { Ranked } from './ranks/proven.ts'
import { filterValues, readSource, type UsageFilter, WHERE } from './usage-source.ts'

/** The most used of each group, by key, in order of use. */
export interface GroupedUsage {
  total: Tally
  prompt: Map<string, Tally>
  /** By prompt and number. */
  version: Map<string, Tally & { prompt: string; version: number }>
  surface: Map<string, Tally>
  /** The empty name: clients that gave none. */
  client: Map<string, Tally>
}

/** How many things there are, apart from their use. */
export async function readInventory(
  pool: Pool,
  workspaceId: string,
): Promise<{ prompts: number; archived_prompts: number; versions: number; categories: number }> {
  const { rows } = await pool.query<
    Record<'prompts' | 'archived_prompts' | 'versions' | 'categories', number>
  >({
    name: 'stats-inventory',
    text: `SELECT count(*) FILTER (WHERE archived_at IS NULL)::integer AS prompts,
        count(*) FILTER (WHERE archived_at IS NOT NULL)::integer AS archived_prompts,
        coalesce(sum(next_version - 1), 0)::integer AS versions,
        (SELECT count(*)::integer FROM category WHERE workspace_id = $1) AS categories
      FROM prompt_template WHERE workspace_id = $1`,
    values: [workspaceId],
  })
  return rows[0] ?? { prompts: 0, archived_prompts: 0, versions: 0, categories: 0 }
}

/** @throws not_found when no prompt answers to the name */
export async function resolvePromptId(pool: Pool, workspaceId: string, name: string): Promise<string> {
  const { rows } = await pool.query<{ prompt_id: string }>(
    'SELECT prompt_id FROM prompt_name WHERE workspace_id = $1 AND name = $2',
    [workspaceId, name],
  )
  const [row] = rows
  if (row === undefined) throw appError('not_found', `There is no prompt "${name}".`)
  return row.prompt_id
}

/** Sums of one group, as the database answers them. */
export interface CountRow {
  uses: string
  gets: string
  renders: string
  tool_calls: string
  failed: string
  last_at: Date | null
  /** The histogram, where it was read with the sums. */
  buckets?: number[] | null
  counts?: number[] | null
}

interface GroupRow extends CountRow {
  kind: 'total' | 'surface' | 'client' | 'prompt' | 'version'
  prompt: string | null
  version: number | null
  key: string | null
}

interface BucketRow {
  bucket: number
  count: number
}

/** The histogram of a version, or of uses without one. */
interface PromptBucketsRow {
  prompt_id: string
  version: number | null
  buckets: number[]
  counts: number[]
}

export function tallyOf(row: CountRow): Tally {
  // A dense array, so that the percentile's sums meet no holes.
  const buckets = Array.from({ length: BUCKETS }, () => 0)
  for (const [place, bucket] of (row.buckets ?? []).entries()) buckets[bucket] = row.counts?.[place] ?? 0
  return {
    total: Number(row.uses),
    failed: Number(row.failed),
    gets: Number(row.gets),
    renders: Number(row.renders),
    toolCalls: Number(row.tool_calls),
    lastAt: row.last_at,
    buckets,
  }
}

/** Totals alone, of another span. */
export async function readTotals(pool: Pool, filter: UsageFilter): Promise<Tally> {
  const values = filterValues(filter)
  const { ways } = await readSource(pool, filter)
  const [counts, buckets] = await Promise.all([
    pool.query<CountRow>(`SELECT ${SUMS} FROM ${ways} WHERE ${WHERE}`, values),
    pool.query<BucketRow>(
      `SELECT bucket, sum(count) AS count FROM (SELECT ${HELD} FROM ${ways} WHERE ${WHERE}) held GROUP BY 1`,
      values,
    ),
  ])
  const tally = counts.rows[0] === undefined ? emptyTally() : tallyOf(counts.rows[0])
  for (const { bucket, count } of buckets.rows) tally.buckets[bucket] = count
  return tally
}

/** The `rows` most used prompts and versions, without their histograms. */
export async function readRanking(pool: Pool, filter: UsageFilter, rows: number): Promise<GroupRow[]> {
  const { prompts } = await readSource(pool, filter)
  const values = filterValues(filter)
  return rankPrompts(pool, filter, {
    shown: rows,
    among: (ids) => readRanks(pool, ranksFrom(prompts), { values, shown: rows, ids }),
  })
}

/** Names of the `rows` clients with most uses; empty: those that gave none. */
export async function readClients(pool: Pool, filter: UsageFilter, rows: number): Promise<string[]> {
  const { ways } = await readSource(pool, filter)
  const { rows: found } = await pool.query<{ client: string }>(
    `SELECT coalesce(usage.client_name, '') AS client FROM ${ways} WHERE ${WHERE}
     GROUP BY 1 ORDER BY ${USES} DESC, 1 LIMIT $8`,
    [...filterValues(filter), rows],
  )
  return found.map(({ client }) => client)
}

/** Totals, and the `rows` most used of each group, with their histograms. */
export async function readGroupedUsage(pool: Pool, filter: UsageFilter, rows: number): Promise<GroupedUsage> {
  const values = filterValues(filter)
  const { ways, prompts } = await readSource(pool, filter)
  const [counts, ranks] = await Promise.all([
    pool.query<GroupRow>(waysFrom(ways), [...values, rows]),
    readRanking(pool, filter, rows),
  ])
  const grouped = groupsOf([...counts.rows, ...ranks])
  const names = new Map(ranks.map((row) => [row.key ?? '', row.prompt ?? '']))
  const statement = promptBucketsFrom(prompts)
  const histograms = await Promise.all(
    halves([...names.keys()]).map((half) => pool.query<PromptBucketsRow>(statement, [...values, half])),
  )
  for (const row of histograms.flatMap(({ rows }) => rows)) addBuckets(grouped, names, row)
  return grouped
}

/** @param values those of the filter, how many rows of each kind, the prompts that are ranked */
async function readRanks(
  pool: Pool,
  statement: string,
  { values, shown, ids }: { values: unknown[]; shown: number; ids: string[] },
): Promise<Ranked<GroupRow>> {
  const parts = await Promise.all(
    halves(ids).map((half) => pool.query<GroupRow>(statement, [...values, shown, half])),
  )
  const rows = parts.flatMap((part) => part.rows)
  const kinds = (['prompt', 'version'] as const).map((kind) =>
    rows
      .filter((row) => row.kind === kind)
      .toSorted(inOrder((row) => row.key ?? ''))
      .slice(0, shown),
  )
  const least = kinds.map((kind) => (kind.length < shown ? 1 : Number(kind.at(-1)?.uses)))
  return {
    rows: kinds.flatMap((kind) => kind.toSorted(inOrder((row) => row.prompt ?? ''))),
    least: Math.min(...least),
  }
}

/** The most used first; what is used alike is put in order by a name, then by version. */
const inOrder = (nameOf: (row: GroupRow) => string) => (a: GroupRow, b: GroupRow) => {
  const byUse = Number(b.uses) - Number(a.uses)
  if (byUse !== 0) return byUse
  const [left, right] = [nameOf(a), nameOf(b)]
  return left === right ? (a.version ?? 0) - (b.version ?? 0) : left < right ? -1 : 1
}

function groupsOf(rows: GroupRow[]): GroupedUsage {
  const grouped: GroupedUsage = {
    total: emptyTally(),
    prompt: new Map(),
    version: new Map(),
    surface: new Map(),
    client: new Map(),
  }
  for (const row of rows) {
    const tally = tallyOf(row)
    const { kind, prompt, version } = row
    if (kind === 'total') grouped.total = tally
    else if (kind === 'surface' || kind === 'client') grouped[kind].set(row.key ?? '', tally)
    else if (kind === 'prompt') grouped.prompt.set(prompt ?? '', tally)
    else if (prompt !== null && version !== null)
      grouped.version.set(`${prompt}@${version}`, { ...tally, prompt, version })
  }
  return grouped
}

/** Figures of prompts are most of the work, which two connections share: the most used ones, which come first, as well. */
function halves<Item>(items: Item[]): Item[][] {
  const half = (rest: number) => items.filter((_, place) => place % 2 === rest)
  return [half(0), half(1)].filter((each) => each.length > 0)
}

/** Adds the histogram of a version to it, where it is shown, and to its prompt. */
function addBuckets(
  grouped: GroupedUsage,
  names: ReadonlyMap<string, string>,
  { prompt_id, version, buckets, counts }: PromptBucketsRow,
): void {
  const name = names.get(prompt_id) ?? ''
  for (const tally of [grouped.prompt.get(name), grouped.version.get(`${name}@${version ?? 0}`)])
    if (tally !== undefined)
      for (const [place, bucket] of buckets.entries())
        tally.buckets[bucket] = (tally.buckets[bucket] ?? 0) + (counts[place] ?? 0)
}

export const USES = 'sum(usage.gets + usage.renders + usage.tool_calls)'

/** Sums of roll-ups. */
export const SUMS = `coalesce(${USES}, 0) AS uses,
  coalesce(sum(usage.gets), 0) AS gets, coalesce(sum(usage.renders), 0) AS renders,
  coalesce(sum(usage.tool_calls), 0) AS tool_calls,
  coalesce(sum(usage.failed), 0) AS failed, max(usage.last_at) AS last_at`

/** Columns that take a histogram apart, a row for each bucket. As a join they would take three times as long. */
export const HELD = 'unnest(usage.bucket_numbers) AS bucket, unnest(usage.bucket_counts)::float8 AS count'

/** Sums of sums. */
export const RESUMS = `sum(uses) AS uses, sum(gets) AS gets, sum(renders) AS renders, sum(tool_calls) AS tool_calls,
  sum(failed) AS failed, max(last_at) AS last_at`

/**
 * One pass over the roll-ups, of which groups are made, and their histograms. Most hours of a prompt hold one use:
 * those that have the same histogram are added up before it is taken apart.
 */
const waysFrom = (source: string) => `
WITH alike AS MATERIALIZED (
  SELECT usage.surface, usage.client_name, usage.bucket_numbers, usage.bucket_counts, count(*) AS times, ${SUMS}
  FROM ${source} WHERE ${WHERE} GROUP BY 1, 2, 3, 4
), base AS MATERIALIZED (
  SELECT surface, client_name, ${RESUMS} FROM alike GROUP BY 1, 2
), filled AS MATERIALIZED (
  SELECT surface, client_name, bucket, sum(count * times) AS count
  FROM (SELECT surface, client_name, times, ${HELD} FROM alike usage) held GROUP BY 1, 2, 3
), found AS (
  (SELECT 'total' AS kind, NULL::text AS key, ${RESUMS} FROM base HAVING count(*) > 0)
  UNION ALL (SELECT 'surface', surface, ${RESUMS} FROM base GROUP BY surface)
  UNION ALL (SELECT 'client', client_name, ${RESUMS} FROM base GROUP BY client_name ORDER BY uses DESC, 2 LIMIT $8)
), held AS (
  SELECT kind, key, array_agg(bucket) AS buckets, array_agg(count) AS counts FROM (
    SELECT CASE grouping(surface, client_name) WHEN 3 THEN 'total' WHEN 1 THEN 'surface' ELSE 'client' END AS kind,
      CASE grouping(surface, client_name) WHEN 1 THEN surface WHEN 2 THEN client_name END AS key,
      bucket, sum(count) AS count
    FROM filled GROUP BY GROUPING SETS ((bucket), (bucket, surface), (bucket, client_name))
  ) each GROUP BY 1, 2
)
SELECT found.*, NULL AS prompt, NULL AS version, held.buckets, held.counts
FROM found LEFT JOIN held ON held.kind = found.kind AND held.key IS NOT DISTINCT FROM found.key
ORDER BY uses DESC, found.key`

/** Of the prompts that may be among the most used. */
const ranksFrom = (source: string) => `
WITH base AS MATERIALIZED (
  SELECT usage.prompt_id, usage.version_number, ${SUMS} FROM ${source}
  WHERE ${WHERE} AND usage.prompt_id = ANY ($9::uuid[]) GROUP BY 1, 2
), found AS (
  (SELECT 'prompt' AS kind, prompt_id, NULL::integer AS version, ${RESUMS} FROM base
    GROUP BY prompt_id ORDER BY uses DESC, prompt_id LIMIT $8)
  UNION ALL (SELECT 'version', prompt_id, version_number, uses, gets, renders, tool_calls, failed, last_at FROM base
    WHERE version_number IS NOT NULL ORDER BY uses DESC, prompt_id, version_number LIMIT $8)
)
SELECT found.*, found.prompt_id::text AS key, prompt.name AS prompt FROM found
JOIN prompt_template prompt ON prompt.workspace_id = $1 AND prompt.id = found.prompt_id`

/** Histograms of the prompts that are shown, not of ten thousand others. */
const promptBucketsFrom = (source: string) => `
SELECT prompt_id, version_number AS version, array_agg(bucket) AS buckets, array_agg(count) AS counts FROM (
  SELECT prompt_id, version_number, bucket, sum(count) AS count FROM (
    SELECT usage.prompt_id, usage.version_number, ${HELD} FROM ${source}
    WHERE ${WHERE} AND usage.prompt_id = ANY ($8::uuid[])
  ) held GROUP BY 1, 2, 3
) each GROUP BY 1, 2`
