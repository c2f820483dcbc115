import type { Pool } from 'pg'
import { readUnlisted } from './ranks/listed.ts'
import { type Parts, readParts } from './sums/parts.ts'
import type { Run } from './sums/runs.ts'

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

/** The table of hours in the form of those that are made from it. */
export const USAGE_HOUR = `(SELECT workspace_id, hour, prompt_id, version_number, surface, client_name,
    CASE operation WHEN 'get' THEN total ELSE 0 END AS gets,
    CASE operation WHEN 'render' THEN total ELSE 0 END AS renders,
    CASE operation WHEN 'tool' THEN total ELSE 0 END AS tool_calls,
    failed, last_at, bucket_numbers, bucket_counts FROM usage_hour) usage`

type ActorSums = 'usage_actor_day' | 'usage_actor_prompt_day'

/**
 * The roll-up of callers in the same form, without histograms; of one of them, where one is asked for.
 * @param table a sum of usage_caller_day is of days that are listed; usage_actor_day knows no prompts
 */
export function callersFrom(table: 'usage_caller_day' | ActorSums, actor?: string): string {
  const one = actor === undefined ? '' : ` WHERE actor_id = '${actor}'::uuid`
  const prompts = table === 'usage_actor_day' ? NO_PROMPT : 'prompt_id, version_number'
  return `(SELECT workspace_id, hour, ${prompts}, surface, client_name, actor_id, gets, renders, tool_calls, failed,
    last_at, '{}'::smallint[] AS bucket_numbers, '{}'::bigint[] AS bucket_counts FROM ${table}${one}) usage`
}

export const SUMMED = 'gets, renders, tool_calls, failed, last_at'
export const HISTOGRAM = 'bucket_numbers, bucket_counts'
export const COUNTED = `${SUMMED}, ${HISTOGRAM}`
export const NO_PROMPT = 'NULL::uuid AS prompt_id, NULL::integer AS version_number'
export const NO_WAY = 'NULL::text AS surface, NULL::text AS client_name'

/** Where the uses of a span are read from, as the `FROM` of a statement that has WHERE; its alias is `usage`. */
export interface UsageSource {
  /** By hours, for sums alone. */
  readonly hours: string
  /** By hours, way and client. */
  readonly wayHours: string
  /** By way and client, by days of UTC where whole days are asked for. */
  readonly ways: string
  /** By prompt and version, by days of UTC and longer units where whole ones are asked for. */
  readonly prompts: string
}

/** The smallest source for a filter: the sums, and the hours that are not summed up yet. */
export async function readSource(pool: Pool, filter: UsageFilter): Promise<UsageSource> {
  if (filter.actor !== undefined) {
    const own = callersFrom('usage_caller_day', filter.actor)
    const [ways, prompts] = await Promise.all([
      readCallers(pool, filter),
      readCallers(pool, filter, 'usage_actor_prompt_day'),
    ])
    return { hours: own, wayHours: own, ways, prompts }
  }
  const parts = await readParts(pool, filter)
  const { from, firstDay, lastDay, settled } = parts
  const isByWay = filter.surface !== undefined || filter.client !== undefined
  const prompts = promptsOf(parts, isByWay)
  // One prompt is found by its index wherever it is.
  if (filter.promptId !== undefined)
    return { hours: USAGE_HOUR, wayHours: USAGE_HOUR, ways: promptsOf(parts, true), prompts }
  const way = `${NO_PROMPT}, surface, client_name, ${COUNTED}`
  const open = openWays(parts)
  const wayHours = union(part('usage_way_hour', way, from, settled), open)
  const all = part('usage_all_hour', `${NO_PROMPT}, ${NO_WAY}, ${COUNTED}`, from, settled)
  return {
    hours: isByWay ? wayHours : union(all, openWays(parts, NO_WAY)),
    wayHours,
    ways: union(
      part('usage_way_hour', way, from, firstDay),
      part('usage_way_day', way, firstDay, lastDay),
      part('usage_way_hour', way, lastDay, settled),
      open,
    ),
    prompts,
  }
}

/** Callers, from sums where days are listed. Of one prompt they are found by its index. */
export async function readCallers(
  pool: Pool,
  filter: UsageFilter,
  sums: ActorSums = 'usage_actor_day',
): Promise<string> {
  const { workspaceId, actor, promptId } = filter
  const callers = callersFrom('usage_caller_day', actor)
  if (promptId !== undefined) return callers
  const { from, firstDay, lastDay, to } = await readParts(pool, filter)
  const unlisted = await readUnlisted(pool, workspaceId, [{ unit: 'day', from: firstDay, to: lastDay }])
  return union(
    part(callers, '*', from, firstDay),
    part(callersFrom(sums, actor), '*', firstDay, lastDay),
    ...unlisted.map((run) => part(callers, '*', run.from, run.to)),
    part(callers, '*', lastDay, to),
  )
}

/** The hours after the last day that is summed up. */
export function openWays({ settled, summed, to }: Parts, ways = 'surface, client_name'): string {
  return several(
    part('usage_open_way', `${NO_PROMPT}, ${ways}, ${COUNTED}`, settled, summed),
    part(USAGE_HOUR, '*', summed, to),
  )
}

/** Prompts by hours, days, months and, where ways do not matter, thirds of months. */
function promptsOf(parts: Parts, isByWay: boolean): string {
  const { from, firstDay, lastDay, months, thirds, settled, to } = parts
  return union(
    part(USAGE_HOUR, '*', from, firstDay),
    ...(isByWay ? months : thirds).map((run) => promptPart(run, isByWay)),
    part(USAGE_HOUR, '*', lastDay, settled),
    isByWay ? part(USAGE_HOUR, '*', settled, to) : openPrompts(parts),
  )
}

/** The hours after the last day that is summed up, by prompt and version. */
function openPrompts({ settled, summed, to }: Parts): string {
  const columns = `prompt_id, version_number, ${NO_WAY}, ${COUNTED}`
  return several(part('usage_open_prompt', columns, settled, summed), part(USAGE_HOUR, '*', summed, to))
}

/** Prompts by whole days of UTC or longer units. */
export function promptPart({ unit, from, to }: Run, isByWay: boolean): string {
  const columns = `prompt_id, version_number, ${isByWay ? 'surface, client_name' : NO_WAY}, ${COUNTED}`
  return part(`usage_prompt${isByWay ? '_way' : ''}_${unit}`, columns, from, to)
}

/** One table between two times; none of it where they are the same. */
export function part(table: string, columns: string, from: number, to: number): string {
  if (from >= to) return ''
  const at = (time: number) => `'${new Date(time).toISOString()}'::timestamptz`
  const selected = columns === '*' ? columns : `workspace_id, hour, ${columns}`
  return `SELECT ${selected} FROM ${table} WHERE hour >= ${at(from)} AND hour < ${at(to)}`
}

/** A source out of parts; there must be one at least. */
export function union(...parts: string[]): string {
  return `(${several(...parts)}) usage`
}

function several(...parts: string[]): string {
  return parts.filter((each) => each !== '').join(' UNION ALL ')
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
