import type { Pool } from 'pg'
import { monthBefore, monthFrom } from './months.ts'

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
  /** Counted by whole days of UTC. */
  actor?: string | undefined
}

const DAY_MS = 86_400_000

/** The table of hours in the form of those that are made from it. */
export const USAGE_HOUR = `(SELECT workspace_id, hour, prompt_id, version_number, surface, client_name,
    CASE operation WHEN 'get' THEN total ELSE 0 END AS gets,
    CASE operation WHEN 'render' THEN total ELSE 0 END AS renders,
    CASE operation WHEN 'tool' THEN total ELSE 0 END AS tool_calls,
    failed, last_at, bucket_numbers, bucket_counts FROM usage_hour) usage`

/** The roll-up of callers in the same form, without histograms; of one of them, where one is asked for. */
export function callersFrom(actor: string | undefined): string {
  const one = actor === undefined ? '' : ` WHERE actor_id = '${actor}'::uuid`
  return `(SELECT workspace_id, hour, prompt_id, version_number, surface, client_name, actor_id, gets, renders,
    tool_calls, failed, last_at, '{}'::smallint[] AS bucket_numbers, '{}'::bigint[] AS bucket_counts
    FROM usage_caller_day${one}) usage`
}

const COUNTED = 'gets, renders, tool_calls, failed, last_at, bucket_numbers, bucket_counts'
const NO_PROMPT = 'NULL::uuid AS prompt_id, NULL::integer AS version_number'
const NO_WAY = 'NULL::text AS surface, NULL::text AS client_name'

/** Where the uses of a span are read from, as the `FROM` of a statement that has WHERE; its alias is `usage`. */
export interface UsageSource {
  /** By hours, for sums alone. */
  readonly hours: string
  /** By hours, way and client. */
  readonly wayHours: string
  /** By way and client, by days of UTC where whole days are asked for. */
  readonly ways: string
  /** By prompt and version, by days and months of UTC where whole ones are asked for. */
  readonly prompts: string
}

/** How far the roll-ups of a workspace are, as times in milliseconds. */
interface Rolled {
  days: number
  months: number
}

async function readRolled(pool: Pool, workspaceId: string): Promise<Rolled> {
  const { rows } = await pool.query<{ until: Date; months_until: Date | null }>({
    name: 'usage-rolled',
    text: 'SELECT until, months_until FROM usage_rolled WHERE workspace_id = $1',
    values: [workspaceId],
  })
  return { days: rows[0]?.until.getTime() ?? 0, months: rows[0]?.months_until?.getTime() ?? 0 }
}

/** The smallest source for a filter: the sums, and the hours that are not summed up yet. */
export async function readSource(pool: Pool, filter: UsageFilter): Promise<UsageSource> {
  if (filter.actor !== undefined) {
    const own = callersFrom(filter.actor)
    return { hours: own, wayHours: own, ways: own, prompts: own }
  }
  const rolled = await readRolled(pool, filter.workspaceId)
  const from = filter.from.getTime()
  const to = filter.to.getTime()
  const settled = Math.max(from, Math.min(rolled.days, to))
  const first = Math.min(Math.ceil(from / DAY_MS) * DAY_MS, settled)
  const last = Math.max(Math.min(Math.floor(to / DAY_MS) * DAY_MS, settled), first)
  const isByWay = filter.surface !== undefined || filter.client !== undefined
  const prompts = union(
    part(USAGE_HOUR, '*', from, first),
    ...promptDays(isByWay, first, last, rolled.months),
    part(USAGE_HOUR, '*', last, to),
  )
  // One prompt is found by its index wherever it is.
  if (filter.promptId !== undefined)
    return { hours: USAGE_HOUR, wayHours: USAGE_HOUR, ways: USAGE_HOUR, prompts: USAGE_HOUR }
  const way = `${NO_PROMPT}, surface, client_name, ${COUNTED}`
  const open = part(USAGE_HOUR, '*', settled, to)
  const wayHours = union(part('usage_way_hour', way, from, settled), open)
  const all = part('usage_all_hour', `${NO_PROMPT}, ${NO_WAY}, ${COUNTED}`, from, settled)
  return {
    hours: isByWay ? wayHours : union(all, open),
    wayHours,
    ways: union(
      part('usage_way_hour', way, from, first),
      part('usage_way_day', way, first, last),
      part('usage_way_hour', way, last, settled),
      open,
    ),
    prompts,
  }
}

/** Whole days of prompts: months where whole ones are asked for and summed up, days before and after them. */
function promptDays(isByWay: boolean, first: number, last: number, monthsUntil: number): string[] {
  const columns = `prompt_id, version_number, ${isByWay ? 'surface, client_name' : NO_WAY}, ${COUNTED}`
  const table = isByWay ? 'usage_prompt_way' : 'usage_prompt'
  const start = Math.min(monthFrom(first), last)
  const end = Math.max(start, monthBefore(Math.min(last, monthsUntil)))
  return [
    part(`${table}_day`, columns, first, start),
    part(`${table}_month`, columns, start, end),
    part(`${table}_day`, columns, end, last),
  ]
}

/** One table between two times; none of it where they are the same. */
function part(table: string, columns: string, from: number, to: number): string {
  if (from >= to) return ''
  const at = (time: number) => `'${new Date(time).toISOString()}'::timestamptz`
  const selected = columns === '*' ? columns : `workspace_id, hour, ${columns}`
  return `SELECT ${selected} FROM ${table} WHERE hour >= ${at(from)} AND hour < ${at(to)}`
}

function union(...parts: string[]): string {
  return `(${parts.filter((each) => each !== '').join(' UNION ALL ')}) usage`
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
