import type { Pool } from 'pg'
import { appError } from '../errors.ts'
import { emptyTally, type Tally } from './figures.ts'
import { BUCKETS } from './histogram.ts'

export interface UsageFilter {
  workspaceId: string
  from: Date
  to: Date
  promptId: string | undefined
  surface: string | undefined
  client: string | undefined
}

/** Tallies by what they are grouped by; the empty key stands for "all" or "unknown". */
export interface GroupedUsage {
  total: Map<string, Tally>
  prompt: Map<string, Tally>
  surface: Map<string, Tally>
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

interface UsageRow {
  grouping: number
  prompt: string | null
  surface: string | null
  client_name: string | null
  operation: string
  total: string
  failed: string
  last_at: Date
}

interface BucketRow {
  grouping: number
  prompt: string | null
  surface: string | null
  client_name: string | null
  bucket: number
  count: string
}

/** Which of (prompt, surface, client) a row is grouped by, as GROUPING() tells it in bits. */
const KEYS = { 7: 'total', 3: 'prompt', 5: 'surface', 6: 'client' } as const

/** Totals, and the `rows` most used of each group, with their histograms. */
export async function readGroupedUsage(pool: Pool, filter: UsageFilter, rows: number): Promise<GroupedUsage> {
  const values = [
    filter.workspaceId,
    filter.from,
    filter.to,
    filter.promptId ?? null,
    filter.surface ?? null,
    filter.client ?? null,
  ]
  const [counts, buckets] = await Promise.all([
    pool.query<UsageRow>({ name: 'stats-counts', text: COUNTS, values }),
    pool.query<BucketRow>({ name: 'stats-buckets', text: BUCKET_COUNTS, values }),
  ])
  const grouped: GroupedUsage = { total: new Map(), prompt: new Map(), surface: new Map(), client: new Map() }
  for (const row of counts.rows) addCounts(tallyOf(grouped, row), row)
  for (const row of buckets.rows) tallyOf(grouped, row).buckets[row.bucket] = Number(row.count)
  for (const tallies of [grouped.prompt, grouped.surface, grouped.client]) keepMostUsed(tallies, rows)
  grouped.prompt.delete('')
  return grouped
}

function tallyOf(grouped: GroupedUsage, row: UsageRow | BucketRow): Tally {
  const group = KEYS[row.grouping as keyof typeof KEYS]
  const key = {
    total: '',
    prompt: row.prompt ?? '',
    surface: row.surface ?? '',
    client: row.client_name ?? '',
  }[group]
  const known = grouped[group].get(key)
  if (known !== undefined) return known
  const tally = emptyTally()
  // A dense array, so that the percentile's sums meet no holes.
  tally.buckets = Array.from({ length: BUCKETS }, () => 0)
  grouped[group].set(key, tally)
  return tally
}

function addCounts(tally: Tally, row: UsageRow): void {
  const total = Number(row.total)
  tally.total += total
  tally.failed += Number(row.failed)
  if (row.operation === 'get') tally.gets += total
  else if (row.operation === 'render') tally.renders += total
  else tally.toolCalls += total
  if (tally.lastAt === null || row.last_at > tally.lastAt) tally.lastAt = row.last_at
}

function keepMostUsed(tallies: Map<string, Tally>, rows: number): void {
  const order = [...tallies].toSorted(([, a], [, b]) => b.total - a.total)
  for (const [key] of order.slice(rows)) tallies.delete(key)
}

const FROM = `usage_hour usage LEFT JOIN prompt_template prompt
    ON prompt.workspace_id = usage.workspace_id AND prompt.id = usage.prompt_id`

const WHERE = `usage.workspace_id = $1 AND usage.hour >= $2 AND usage.hour < $3
    AND ($4::uuid IS NULL OR usage.prompt_id = $4)
    AND ($5::text IS NULL OR usage.surface = $5)
    AND ($6::text IS NULL OR usage.client_name = $6)`

const COUNTS = `
SELECT grouping(prompt.name, usage.surface, usage.client_name)::integer AS grouping, prompt.name AS prompt,
  usage.surface, usage.client_name, usage.operation, sum(usage.total) AS total, sum(usage.failed) AS failed,
  max(usage.last_at) AS last_at
FROM ${FROM} WHERE ${WHERE}
GROUP BY GROUPING SETS ((usage.operation), (usage.operation, prompt.name), (usage.operation, usage.surface),
  (usage.operation, usage.client_name))`

const BUCKET_COUNTS = `
WITH filled AS (
  SELECT prompt.name AS prompt, usage.surface, usage.client_name, held.bucket, sum(held.count) AS count
  FROM ${FROM} CROSS JOIN LATERAL unnest(usage.bucket_numbers, usage.bucket_counts) AS held (bucket, count)
  WHERE ${WHERE}
  GROUP BY 1, 2, 3, 4
)
SELECT grouping(prompt, surface, client_name)::integer AS grouping, prompt, surface, client_name, bucket,
  sum(count) AS count
FROM filled
GROUP BY GROUPING SETS ((bucket), (bucket, prompt), (bucket, surface), (bucket, client_name))`
