import type { Pool } from 'pg'

/** Which uses are counted, resolved. */
export interface UsageFilter {
  workspaceId: string
  from: Date
  to: Date
  promptId: string | undefined
  version: number | undefined
  surface: string | undefined
  /** Empty: clients that gave no name. */
  client: string | undefined
}

const DAY_MS = 86_400_000
const COLUMNS = 'operation, surface, client_name, total, failed, last_at, bucket_numbers, bucket_counts'
const PROMPT_COLUMNS = `prompt_id, version_number, ${COLUMNS}`

/** Where the uses of a span are read from, as the `FROM` of a statement that has WHERE; its alias is `usage`. */
export interface UsageSource {
  /** Hours, which know no prompts unless one is filtered by. */
  readonly hours: string
  /** The same, by days of UTC where whole days are asked for. */
  readonly days: string
  /** Prompts and versions, by days of UTC where whole days are asked for. */
  readonly prompts: string
  /** Prompts and versions by hours. */
  readonly promptHours: string
}

/** The least that answers for a filter: what has been summed up, and the hours that have not. */
export async function readSource(pool: Pool, filter: UsageFilter): Promise<UsageSource> {
  const { rows } = await pool.query<{ until: Date }>({
    name: 'usage-rolled',
    text: 'SELECT until FROM usage_rolled WHERE workspace_id = $1',
    values: [filter.workspaceId],
  })
  const until = rows[0]?.until.getTime() ?? 0
  const { from, to, promptId } = filter
  const promptHours = 'usage_hour usage'
  const first = Math.ceil(from.getTime() / DAY_MS) * DAY_MS
  const last = Math.min(Math.floor(to.getTime() / DAY_MS) * DAY_MS, until)
  const prompts =
    first < last
      ? union([
          part('usage_hour', PROMPT_COLUMNS, from.getTime(), first),
          part('usage_prompt_day', PROMPT_COLUMNS, first, last),
          part('usage_hour', PROMPT_COLUMNS, last, to.getTime()),
        ])
      : promptHours
  if (promptId !== undefined) return { hours: promptHours, days: prompts, prompts, promptHours }
  const totals = `NULL::uuid AS prompt_id, NULL::integer AS version_number, ${COLUMNS}`
  const open = part('usage_hour', PROMPT_COLUMNS, until, to.getTime())
  const hours = union([part('usage_total_hour', totals, 0, until), open])
  const days =
    first < last
      ? union([
          part('usage_total_hour', totals, from.getTime(), first),
          part('usage_total_day', totals, first, last),
          part('usage_total_hour', totals, last, until),
          open,
        ])
      : hours
  return { hours, days, prompts, promptHours }
}

function part(table: string, columns: string, from: number, to: number): string {
  const at = (time: number) => `'${new Date(time).toISOString()}'::timestamptz`
  return `SELECT workspace_id, hour, ${columns} FROM ${table} WHERE hour >= ${at(from)} AND hour < ${at(to)}`
}

function union(parts: string[]): string {
  return `(${parts.join(' UNION ALL ')}) usage`
}

/** The parameters of WHERE, in their order; a statement's own come after them. */
export function filterValues(filter: UsageFilter): unknown[] {
  const { workspaceId, from, to, promptId, version, surface, client } = filter
  return [workspaceId, from, to, promptId ?? null, version ?? null, surface ?? null, client ?? null]
}

export const WHERE = `usage.workspace_id = $1 AND usage.hour >= $2::timestamptz AND usage.hour < $3::timestamptz
    AND ($4::uuid IS NULL OR usage.prompt_id = $4)
    AND ($5::integer IS NULL OR usage.version_number = $5)
    AND ($6::text IS NULL OR usage.surface = $6)
    AND ($7::text IS NULL OR coalesce(usage.client_name, '') = $7)`
