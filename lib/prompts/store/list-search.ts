import type { PromptListRequest, PromptSort } from './list-query.ts'
import type { SearchText } from './search-text.ts'

/** Puts a value among the parameters and answers its place in the text. */
export type Bind = (value: unknown, type: string) => string

/** Joins and conditions that choose the prompts `p`. */
export interface Filter {
  joins: string
  conditions: string[]
}

/** Words in more prompts than this are common: prompts are then read in their order until a page is full. */
const COMMON = 2000
/** So many matches are ranked; of common words within a filter, so many of the newest. */
const RANKED_MAX = 1000
const RANKED_NEWEST = 200
/** Prompts whose name begins like the search, which are ranked besides. */
const NAMED_MAX = 200

interface Order {
  /** The same order for rows of another alias. */
  by: (alias: string) => string
  after: (bind: Bind, key: (string | number)[]) => string
}

/** The sorts; `p` has the columns of a prompt, and `score`. */
export const ORDERS: Record<PromptSort, Order> = {
  name: { by: (row) => `${row}.name`, after: (bind, [name]) => `p.name > ${bind(name, 'text')}` },
  '-name': { by: (row) => `${row}.name DESC`, after: (bind, [name]) => `p.name < ${bind(name, 'text')}` },
  updated_at: byTime('updated_at', 'ASC'),
  '-updated_at': byTime('updated_at', 'DESC'),
  created_at: byTime('created_at', 'ASC'),
  '-created_at': byTime('created_at', 'DESC'),
  relevance: {
    by: (row) => `${row}.score DESC, ${row}.name`,
    after(bind, [score, name]) {
      const last = bind(score, 'float8')
      return `(p.score < ${last} OR (p.score = ${last} AND p.name > ${bind(name, 'text')}))`
    },
  },
}

function byTime(column: string, direction: 'ASC' | 'DESC'): Order {
  return {
    by: (row) => `${row}.${column} ${direction}, ${row}.id ${direction}`,
    after: (bind, [time, id]) =>
      `(p.${column}, p.id) ${direction === 'ASC' ? '>' : '<'} (${bind(time, 'timestamptz')}, ${bind(id, 'uuid')})`,
  }
}

/** Whole words in any form, or as they stand in names; a short last word also as the beginning of one. */
export function words({ text, isSigns, typing }: SearchText, bind: Bind): string {
  if (isSigns) return `search_signs_query(${bind(text, 'text')})`
  const typed = folded(text, bind)
  const whole = `plainto_tsquery('english', ${typed}) || plainto_tsquery('simple', ${typed})`
  if (typing === undefined) return `(${whole})`
  // Quoted: some letters come apart into signs that would be operators.
  const begun = `to_tsquery('simple', '''' || replace(${folded(typing.prefix, bind)}, '''', '''''') || ''':*')`
  return typing.head === ''
    ? `(${whole} || ${begun})`
    : `(${whole} || (plainto_tsquery('simple', ${folded(typing.head, bind)}) && ${begun}))`
}

/** A text as the search rows have theirs: without case and accents. */
function folded(text: string, bind: Bind): string {
  return `search_fold(${bind(text, 'text')})`
}

function matches(workspaceId: string, search: SearchText, limit: number, bind: Bind): string {
  const patterns = `ARRAY(SELECT search_fold(p) FROM unnest(${bind(search.patterns, 'text[]')}) p)`
  return `search_prompts(${bind(workspaceId, 'uuid')}, ${words(search, bind)}, ${patterns}, ${limit})`
}

/** Whether the words are in so many prompts that these are not looked up first. */
export function isCommonStatement(workspaceId: string, search: SearchText) {
  const values: unknown[] = []
  const bind: Bind = (value, type) => `$${values.push(value)}::${type}`
  const all = matches(workspaceId, search, COMMON + 1, bind)
  return { text: `SELECT count(*) > ${COMMON} AS common FROM ${all}`, values }
}

/** Whether anything but the words chooses the prompts, so that the first matches may not be among them. */
export function isFiltered({ categoryId, tag, label, pin, archived }: PromptListRequest): boolean {
  return categoryId !== undefined || tag !== undefined || label !== undefined || pin !== null || archived
}

/** The condition for words that few prompts have: these are found first, by index. */
export function found({ workspaceId }: PromptListRequest, search: SearchText, bind: Bind): string {
  return `p.id = ANY (ARRAY(SELECT prompt_id FROM ${matches(workspaceId, search, COMMON + 1, bind)}))`
}

/** Joined for `containing`. */
export const SEARCH_ROW = 'JOIN prompt_search s ON s.workspace_id = p.workspace_id AND s.prompt_id = p.id'

/**
 * The condition for words that are everywhere: prompts are read in their order, and enough of them match.
 * Written so that no index serves it, which would find all of them first.
 */
export function containing(search: SearchText, bind: Bind): string {
  const patterns = search.patterns.map((pattern) => `s.trigrams LIKE ${folded(pattern, bind)}`)
  const either = [`s.document @@ ${words(search, bind)}`]
  if (patterns.length > 0) either.push(`(${patterns.join(' AND ')})`)
  return `((${either.join(' OR ')}) IS TRUE)`
}

/** Names that are or begin like the search come first, then how well the words fit. */
export function byRelevance(
  request: PromptListRequest,
  search: SearchText,
  { joins, conditions }: Filter,
  bind: Bind,
): string {
  const { workspaceId, after, limit } = request
  const names = search.names.map((name) => bind(name, 'text'))
  const where = conditions.join(' AND ')
  const any = (condition: (name: string) => string) => names.map(condition).join(' OR ') || 'false'
  const named = `SELECT n.prompt_id AS id FROM prompt_name n WHERE n.workspace_id = ${bind(workspaceId, 'uuid')}
    AND (${any((name) => `n.name >= ${name} AND n.name < ${name} || '~'`)}) ORDER BY n.name LIMIT ${NAMED_MAX}`
  const matching = request.isCommon
    ? `SELECT p.id FROM prompt_template p ${joins} ${SEARCH_ROW} WHERE ${where} AND ${containing(search, bind)}
        ORDER BY p.updated_at DESC, p.id DESC LIMIT ${RANKED_NEWEST}`
    : `SELECT prompt_id AS id FROM ${matches(workspaceId, search, isFiltered(request) ? COMMON + 1 : RANKED_MAX, bind)}`
  return `SELECT * FROM (
      SELECT p.*, round((CASE WHEN ${any((name) => `p.name = ${name}`)} THEN 4
        WHEN ${any((name) => `starts_with(p.name, ${name})`)} THEN 2 ELSE 0 END
        + ts_rank(s.document, ${words(search, bind)}))::numeric, 6)::float8 AS score
      FROM prompt_template p ${joins} ${SEARCH_ROW}
      WHERE p.id = ANY (ARRAY((${matching}) UNION (${named}))) AND ${where}
    ) p ${after === undefined ? '' : `WHERE ${ORDERS.relevance.after(bind, after)}`}
    ORDER BY ${ORDERS.relevance.by('p')} LIMIT ${bind(limit + 1, 'integer')}`
}
