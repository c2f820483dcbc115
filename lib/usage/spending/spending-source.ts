import { runsBetween } from '../sums/runs.ts'
import { attemptFacts, generationFacts, PROMPT_KEYS, WAY_KEYS } from './facts.ts'
import { MEASURED } from './sums.ts'

/** Which spending is counted, resolved. Empty texts: those that have none. */
export interface SpendingFilter {
  workspaceId: string
  from: Date
  to: Date
  promptId?: string | undefined
  version?: number | undefined
  surface?: string | undefined
  client?: string | undefined
  label?: string | undefined
  configuration?: string | undefined
  model?: string | undefined
  category?: string | undefined
  actor?: string | undefined
}

const DAY_MS = 86_400_000

/** What a statement needs besides the sums themselves. */
export interface SourceNeeds {
  /** Prompts are told apart: by the split. Filters say so themselves. */
  prompts?: boolean
  /** The largest parts that may be read as one; points in time are no smaller. "month" by default. */
  largest?: 'hour' | 'day' | 'month'
}

/**
 * Where the spending of a span is read from, as the `FROM` of a statement that has WHERE; its alias is `s`. Sums and
 * what is not summed up yet are read in one statement, which sees each row in one of the two.
 */
export function spendingSource(filter: SpendingFilter, { prompts, largest }: SourceNeeds = {}): string {
  const { promptId, version, configuration, category } = filter
  const [from, to] = [filter.from.getTime(), filter.to.getTime()]
  const hasPrompts = prompts === true || [promptId, version, category].some((each) => each !== undefined)
  const parts = [
    ...wholeParts(from, to, largest ?? 'month', hasPrompts),
    uncounted(UNCOUNTED_ATTEMPTS, from, to),
    uncounted(UNCOUNTED_GENERATIONS, from, to),
  ]
  const joins = [
    configuration === undefined ? '' : CONFIGURATION_JOIN,
    category === undefined ? '' : CATEGORY_JOIN,
  ]
  return `(${parts.filter((each) => each !== '').join(' UNION ALL ')}) s ${joins.join(' ')}`
}

/** A configuration is called what it is called now; one that was deleted, what it was called then. */
const CONFIGURATION_JOIN = `LEFT JOIN ai_configuration c ON c.workspace_id = s.workspace_id AND c.id = s.configuration_id`
const CONFIGURATION_NAME = 'coalesce(c.name, s.configuration_name)'
const CATEGORY_JOIN = `JOIN prompt_template p ON p.workspace_id = s.workspace_id AND p.id = s.prompt_id
  LEFT JOIN category k ON k.workspace_id = p.workspace_id AND k.id = p.category_id`

/** Months where whole ones are asked for, days before and after them, hours at both ends. */
function wholeParts(
  from: number,
  to: number,
  largest: 'hour' | 'day' | 'month',
  hasPrompts: boolean,
): string[] {
  if (largest === 'hour') return [partOf('hour', hasPrompts, from, to)]
  const firstDay = Math.min(Math.ceil(from / DAY_MS) * DAY_MS, to)
  const lastDay = Math.max(Math.floor(to / DAY_MS) * DAY_MS, firstDay)
  // Without prompts, days are few: they have no months.
  const hasMonths = largest === 'month' && hasPrompts
  const runs = runsBetween(firstDay, lastDay, hasMonths ? [{ unit: 'month', until: lastDay }] : [])
  return [
    partOf('hour', hasPrompts, from, firstDay),
    ...runs.map((run) => partOf(run.unit, hasPrompts, run.from, run.to)),
    partOf('hour', hasPrompts, lastDay, to),
  ]
}

const MEASURES = MEASURED.join(', ')
const WAYS = WAY_KEYS.join(', ')
const PROMPTS = PROMPT_KEYS.join(', ')

/** One table between two times; none of it where they are the same. */
function partOf(unit: string, hasPrompts: boolean, from: number, to: number): string {
  if (from >= to) return ''
  const table = `spending_${hasPrompts ? '' : 'way_'}${unit}`
  const prompts = hasPrompts ? PROMPTS : 'NULL::uuid AS prompt_id, NULL::integer AS version_number'
  return `SELECT workspace_id, hour, ${prompts}, ${WAYS}, ${MEASURES} FROM ${table}
    WHERE hour >= ${moment(from)} AND hour < ${moment(to)}`
}

const UNCOUNTED_ATTEMPTS = `${attemptFacts('generation_attempt a')} WHERE a.settled_at IS NOT NULL AND NOT a.counted`
const UNCOUNTED_GENERATIONS = `${generationFacts('generated_content g')} WHERE g.finished_at IS NOT NULL AND NOT g.counted`

/** As sums have it: everything of an hour belongs to its beginning. */
function uncounted(facts: string, from: number, to: number): string {
  return `SELECT workspace_id, hour, ${PROMPTS}, ${WAYS}, ${MEASURES} FROM (
      SELECT *, date_trunc('hour', at, 'UTC') AS hour FROM (${facts}) fact
    ) fact WHERE hour >= ${moment(from)} AND hour < ${moment(to)}`
}

const moment = (time: number) => `'${new Date(time).toISOString()}'::timestamptz`

/** The parameters of WHERE, in their order; a statement's own come after them. */
export function filterValues(filter: SpendingFilter): unknown[] {
  const { workspaceId, promptId, version, surface, client, label, configuration, model, category, actor } =
    filter
  const given = [promptId, version, surface, client, label, model, actor, configuration, category]
  return [workspaceId, ...given.map((each) => each ?? null)]
}

/** How many there are of them. */
export const FILTER_VALUES = 10

/** The condition of a statement over `spendingSource` of the same filter. */
export function whereOf({ configuration, category }: SpendingFilter): string {
  return `s.workspace_id = $1
    AND ($2::uuid IS NULL OR s.prompt_id = $2)
    AND ($3::integer IS NULL OR s.version_number = $3)
    AND ($4::text IS NULL OR s.surface = $4)
    AND ($5::text IS NULL OR coalesce(s.client_name, '') = $5)
    AND ($6::text IS NULL OR coalesce(s.label, '') = $6)
    AND ($7::text IS NULL OR s.model = $7)
    AND ($8::uuid IS NULL OR s.actor_id = $8)
    AND ($9::text IS NULL OR ${configuration === undefined ? 'true' : `${CONFIGURATION_NAME} = $9`})
    AND ($10::text IS NULL OR ${category === undefined ? 'true' : `coalesce(k.slug, '') = $10`})`
}
