import { isoTime } from '../../db/columns.ts'
import type { PROMPT_SORTS } from '../schema.ts'
import { byCloseness } from './closest.ts'
import { type Bind, byRelevance, containing, type Filter, found, ORDERS, SEARCH_ROW } from './list-search.ts'
import type { SearchText } from './search-text.ts'

export type PromptSort = (typeof PROMPT_SORTS)[number]

/** What a page of the list asks for, checked and resolved. */
export interface PromptListRequest {
  workspaceId: string
  search: SearchText | undefined
  /** The words are in a great many prompts. */
  isCommon: boolean
  /** undefined: every category; null: without one. */
  categoryId: string | null | undefined
  tag: string | undefined
  label: string | undefined
  /** The only label that may be seen; the list then shows the version that it names. */
  pin: string | null
  archived: boolean
  sort: PromptSort
  /** Sort key of the last item of the page before. */
  after: (string | number)[] | undefined
  limit: number
  /** Also the uses of each prompt by day. */
  usage: boolean
}

export interface Statement {
  text: string
  values: unknown[]
}

/**
 * The statement for a page, one item longer than the page when there are more. Its text holds only what
 * the request asks for, and values as parameters; PostgreSQL plans it anew each time, because the best
 * plan depends on how common the words, the tag and the label are.
 */
export function listStatement(request: PromptListRequest): Statement {
  const values: unknown[] = []
  const bind: Bind = (value, type) => `$${values.push(value)}::${type}`
  const filter = chosen(request, bind)
  const page =
    request.sort === 'relevance' && request.search !== undefined
      ? byRelevance(request, request.search, filter, bind)
      : byColumn(request, filter, bind)
  return finished(page, ORDERS[request.sort].by('page'), request, { bind, values })
}

function finished(
  page: string,
  order: string,
  request: PromptListRequest,
  { bind, values }: { bind: Bind; values: unknown[] },
): Statement {
  const shown = shownVersion(request, bind)
  const labels = request.pin === null ? '' : `AND l.label = ${bind(request.pin, 'text')}`
  return { text: summaries(page, order, { shown, labels, usage: request.usage }), values }
}

/** The same for the prompts that come closest to words which no prompt has all of; there is one page of them. */
export function closestStatement(request: PromptListRequest, asked: readonly string[]): Statement {
  const values: unknown[] = []
  const bind: Bind = (value, type) => `$${values.push(value)}::${type}`
  const page = byCloseness(request, asked, chosen(request, bind), bind)
  return finished(page, 'page.score DESC, page.name', request, { bind, values })
}

/** Joins and conditions that choose the prompts `p`, whatever the order. */
function chosen(request: PromptListRequest, bind: Bind): Filter {
  const { workspaceId, categoryId, tag, label, pin, archived, search } = request
  const conditions = [
    `p.workspace_id = ${bind(workspaceId, 'uuid')}`,
    `p.archived_at IS ${archived ? 'NOT NULL' : 'NULL'}`,
  ]
  if (categoryId === null) conditions.push('p.category_id IS NULL')
  else if (categoryId !== undefined) conditions.push(`p.category_id = ${bind(categoryId, 'uuid')}`)
  if (tag !== undefined) conditions.push(`p.tags @> ARRAY[${bind(tag, 'text')}]`)
  const wanted = pin === 'latest' ? undefined : (pin ?? label)
  if (wanted === undefined) return { joins: '', conditions }
  // The search knows the newest version: an actor that may not see it must not find by it.
  if (pin !== null && search !== undefined) conditions.push('chosen.version_number = p.next_version - 1')
  return {
    joins: `JOIN prompt_label chosen ON chosen.workspace_id = p.workspace_id AND chosen.prompt_id = p.id
      AND chosen.label = ${bind(wanted, 'text')}`,
    conditions,
  }
}

function byColumn(request: PromptListRequest, { joins, conditions }: Filter, bind: Bind): string {
  const { search, isCommon, after, limit } = request
  const order = ORDERS[request.sort]
  const where = [...conditions]
  if (search !== undefined) where.push(isCommon ? containing(search, bind) : found(request, search, bind))
  if (after !== undefined) where.push(order.after(bind, after))
  return `SELECT p.*, NULL::float8 AS score FROM prompt_template p ${joins}
    ${search !== undefined && isCommon ? SEARCH_ROW : ''}
    WHERE ${where.join(' AND ')} ORDER BY ${order.by('p')} LIMIT ${bind(limit + 1, 'integer')}`
}

/** Number of the version that stands for its prompt. */
function shownVersion({ pin }: PromptListRequest, bind: Bind): string {
  if (pin === null || pin === 'latest') return 'page.next_version - 1'
  return `(SELECT version_number FROM prompt_label WHERE workspace_id = page.workspace_id
    AND prompt_id = page.id AND label = ${bind(pin, 'text')})`
}

/** Uses on each of the last fourteen days, today last; days begin in UTC, as the roll-ups' hours do. */
const USAGE = `(SELECT json_agg(coalesce(day.uses, 0) ORDER BY n) FROM generate_series(0, 13) n
      LEFT JOIN (
        SELECT ((now() AT TIME ZONE 'UTC')::date - (u.hour AT TIME ZONE 'UTC')::date) AS ago,
          sum(u.total)::float8 AS uses
        FROM usage_hour u WHERE u.workspace_id = page.workspace_id AND u.prompt_id = page.id
          AND u.hour >= date_trunc('day', now(), 'UTC') - interval '13 days' GROUP BY 1
      ) day ON day.ago = 13 - n) AS usage,`

interface Shown {
  shown: string
  labels: string
  usage: boolean
}

/** Summaries of the chosen prompts, in their order. */
function summaries(page: string, order: string, { shown, labels, usage }: Shown): string {
  return `SELECT page.id, page.name, page.revision, page.score, v.title, v.description, v.kind, c.slug AS category,
      page.tags, page.archived_at IS NOT NULL AS archived, v.number AS latest_version,
      json_build_object('prompt', v.publish_prompt, 'tool', v.publish_tool,
      'skill', v.publish_skill) AS publish,
      (SELECT coalesce(json_agg(a.name ORDER BY a.name), '[]') FROM prompt_name a
        WHERE a.workspace_id = page.workspace_id AND a.prompt_id = page.id AND a.is_alias) AS aliases,
      (SELECT coalesce(json_agg(json_build_object('label', l.label, 'version', l.version_number,
          'updated_at', ${isoTime('l.updated_at')}) ORDER BY l.label), '[]') FROM prompt_label l
        WHERE l.workspace_id = page.workspace_id AND l.prompt_id = page.id ${labels}) AS labels,
      (SELECT coalesce(json_agg(json_build_object('name', e ->> 'name', 'required', e -> 'required')), '[]')
        FROM json_array_elements(v.variables) e) AS variables,
      ${usage ? USAGE : ''} ${isoTime('page.created_at')} AS created_at, ${isoTime('page.updated_at')} AS updated_at
    FROM (${page}) page
    JOIN prompt_version v ON v.workspace_id = page.workspace_id AND v.prompt_id = page.id AND v.number = ${shown}
    LEFT JOIN category c ON c.workspace_id = page.workspace_id AND c.id = page.category_id
    ORDER BY ${order}`
}
