import { isoTime } from '../../db/columns.ts'
import type { GenerationSort } from '../status.ts'
import { type Bind, conditions, type Narrowed, parameters } from './conditions.ts'
import { QUEUE_MS, SPEED, SUMMARY } from './stored-generation.ts'

/** What a page of the list asks for, checked and resolved. */
export interface ListFilter extends Narrowed {
  q?: string | undefined
  sort: GenerationSort
  /** Sort key and id of the last row that the page before looked at. */
  after?: readonly [string, string] | undefined
  limit: number
}

/** Generations that a search looks through for one page: no index serves words of a text of any length. */
export const SEARCHED_ROWS = 2_000

/** What the sorts go by, and the type that their keys have in a cursor. */
const KEYS = {
  created_at: ['g.created_at', 'timestamptz'],
  latency_ms: ['g.latency_ms', 'integer'],
  first_token_ms: ['g.first_token_ms', 'integer'],
  cost: ['g.cost', 'numeric'],
  output_tokens: ['g.output_tokens', 'integer'],
  tokens_per_second: [SPEED, 'numeric'],
  queue_ms: [QUEUE_MS, 'bigint'],
} as const

/** The figure that a sort goes by. */
export function figureOf(sort: GenerationSort): keyof typeof KEYS {
  return sort.replace(/^-/, '') as keyof typeof KEYS
}

/**
 * The statement for a page, one row longer than the page when there are more. Each row has its `item` and
 * `sort_key`; with a search also those that do not fit, so that the next page knows where to go on: `item` is null
 * there.
 */
export function listStatement(workspaceId: string, filter: ListFilter): { text: string; values: unknown[] } {
  const { values, bind } = parameters()
  const statement = filter.q === undefined ? pageStatement : searchStatement
  return { text: statement(workspaceId, filter, bind), values }
}

/** Rows are found by an index alone; those of the page are read then. */
function pageStatement(workspaceId: string, filter: ListFilter, bind: Bind): string {
  const { found, order, keyText } = pageOf(workspaceId, filter, bind)
  const page = found('g.id', filter.limit + 1)
  return `SELECT ${SUMMARY.columns}, ${keyText} AS sort_key, k.id FROM (${page}) k
    JOIN generated_content g ON g.workspace_id = ${bind(workspaceId, 'uuid')} AND g.id = k.id ${SUMMARY.joins}
    ORDER BY ${order('k')}`
}

/** Every row that is looked through is read, for its words. */
function searchStatement(workspaceId: string, filter: ListFilter, bind: Bind): string {
  const { q = '', limit } = filter
  const { found, order, keyText } = pageOf(workspaceId, filter, bind)
  return `WITH looked AS MATERIALIZED (
      SELECT g.id, g.key, row_number() OVER (ORDER BY ${order('g')}) AS place, ${fits(bind(likeOf(q), 'text'))} AS fits
      FROM (${found('g.*', SEARCHED_ROWS + 1)}) g JOIN prompt_template p ON p.workspace_id = g.workspace_id AND p.id = g.prompt_id
    ), found AS (
      SELECT * FROM looked WHERE fits AND place <= ${SEARCHED_ROWS} ORDER BY place LIMIT ${bind(limit + 1, 'integer')}
    ), shown AS (
      SELECT id, key, place, true AS fits FROM found
      UNION ALL
      -- Where the search stopped, when it has not found a whole page by then.
      SELECT id, key, place, false FROM looked WHERE place = ${SEARCHED_ROWS}
        AND (SELECT count(*) FROM looked) > ${SEARCHED_ROWS} AND (SELECT count(*) FROM found) <= ${bind(limit, 'integer')}
    )
    SELECT CASE WHEN k.fits THEN i.item END AS item, ${keyText} AS sort_key, k.id
    FROM shown k JOIN generated_content g ON g.workspace_id = ${bind(workspaceId, 'uuid')} AND g.id = k.id
    CROSS JOIN LATERAL (SELECT ${SUMMARY.columns} FROM (SELECT g.*) g ${SUMMARY.joins}) i
    ORDER BY k.place, k.fits DESC`
}

/** The rows of a page with their sort keys, its order, and the keys as a cursor has them. */
function pageOf(workspaceId: string, filter: ListFilter, bind: Bind) {
  const { sort, after } = filter
  const figure = figureOf(sort)
  const [expression, type] = KEYS[figure]
  const direction = sort.startsWith('-') ? 'DESC' : 'ASC'
  const where = [`g.workspace_id = ${bind(workspaceId, 'uuid')}${conditions(filter, bind)}`]
  if (figure !== 'created_at') where.push(`${expression} IS NOT NULL`)
  if (after !== undefined) {
    const sign = sort.startsWith('-') ? '<' : '>'
    where.push(`(${expression}, g.id) ${sign} (${bind(after[0], type)}, ${bind(after[1], 'uuid')})`)
  }
  return {
    found: (columns: string, most: number) =>
      `SELECT ${columns}, ${expression} AS key FROM generated_content g WHERE ${where.join(' AND ')}
      ORDER BY ${expression} ${direction}, g.id ${direction} LIMIT ${bind(most, 'integer')}`,
    order: (row: string) => `${row}.key ${direction}, ${row}.id ${direction}`,
    keyText: figure === 'created_at' ? isoTime('k.key') : 'k.key::text',
  }
}

/** What a search looks at: what was answered, what went wrong, and what was asked. */
function fits(like: string): string {
  const looked = [
    'g.text',
    'g.error_message',
    'p.name',
    "g.configuration->>'name'",
    "g.configuration->>'model'",
  ]
  return `(${looked.map((column) => `coalesce(${column}, '') ILIKE ${like}`).join(' OR ')})`
}

/** The words as they are: the wildcards of a pattern stand for themselves. */
function likeOf(q: string): string {
  return `%${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
