import type { GenerationSort, GenerationStatus } from '../status.ts'
import { isoTime, SUMMARY } from './stored-generation.ts'

/** What a page of the list asks for, checked and resolved. */
export interface ListFilter {
  q?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  status?: GenerationStatus | undefined
  promptId?: string | undefined
  label?: string | undefined
  configurationId?: string | undefined
  batch?: string | undefined
  sort: GenerationSort
  /** Sort key and id of the last row that the page before looked at. */
  after?: readonly [string, string] | undefined
  limit: number
}

/** Generations that a search looks through for one page: no index serves words of a text of any length. */
export const SEARCHED_ROWS = 2_000

/** The columns of the sorts, and the type that their keys have in a cursor. */
const COLUMNS = {
  created_at: 'timestamptz',
  latency_ms: 'integer',
  first_token_ms: 'integer',
  cost: 'numeric',
  output_tokens: 'integer',
} as const

/** The column that a sort goes by. */
export function columnOf(sort: GenerationSort): keyof typeof COLUMNS {
  return sort.replace(/^-/, '') as keyof typeof COLUMNS
}

/**
 * The statement for a page, one row longer than the page when there are more. It holds only the conditions
 * that are asked for, so that PostgreSQL takes the index that serves them. Each row has its `item` and
 * `sort_key`; with a search also those that do not fit, so that the next page knows where to go on: `item` is
 * null there.
 */
export function listStatement(workspaceId: string, filter: ListFilter): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const { q, sort, limit } = filter
  const column = columnOf(sort)
  const direction = sort.startsWith('-') ? 'DESC' : 'ASC'
  const order = (row: string) => `${row}.${column} ${direction}, ${row}.id ${direction}`
  const where = conditions(workspaceId, filter, bind)
  const most = q === undefined ? limit + 1 : SEARCHED_ROWS + 1
  const key = column === 'created_at' ? isoTime('g.created_at') : `g.${column}::text`
  const page = `SELECT * FROM generated_content g WHERE ${where.join(' AND ')}
      ORDER BY ${order('g')} LIMIT ${bind(most, 'integer')}`
  // Sorted before it is joined: the texts of a page are read, not those of the whole list.
  if (q === undefined)
    return {
      text: `SELECT ${SUMMARY.columns}, ${key} AS sort_key, g.id FROM (${page}) g ${SUMMARY.joins} ORDER BY ${order('g')}`,
      values,
    }
  const text = `WITH looked AS MATERIALIZED (
      SELECT g.id, g.${column}, row_number() OVER (ORDER BY ${order('g')}) AS place, ${fits(bind(likeOf(q), 'text'))} AS fits
      FROM (${page}) g JOIN prompt_template p ON p.workspace_id = g.workspace_id AND p.id = g.prompt_id
    ), found AS (
      SELECT * FROM looked WHERE fits AND place <= ${SEARCHED_ROWS} ORDER BY place LIMIT ${bind(limit + 1, 'integer')}
    ), shown AS (
      SELECT id, place, true AS fits FROM found
      UNION ALL
      -- Where the search stopped, when it has not found a whole page by then.
      SELECT id, place, false FROM looked WHERE place = ${SEARCHED_ROWS}
        AND (SELECT count(*) FROM looked) > ${SEARCHED_ROWS} AND (SELECT count(*) FROM found) <= ${bind(limit, 'integer')}
    )
    SELECT CASE WHEN s.fits THEN i.item END AS item, ${key} AS sort_key, g.id
    FROM shown s JOIN generated_content g ON g.workspace_id = ${bind(workspaceId, 'uuid')} AND g.id = s.id
    CROSS JOIN LATERAL (SELECT ${SUMMARY.columns} FROM (SELECT g.*) g ${SUMMARY.joins}) i
    ORDER BY s.place, s.fits DESC`
  return { text, values }
}

type Bind = (value: unknown, type: string) => string

function conditions(workspaceId: string, filter: ListFilter, bind: Bind): string[] {
  const { from, to, status, promptId, label, configurationId, batch, sort, after } = filter
  const column = columnOf(sort)
  const where = [`g.workspace_id = ${bind(workspaceId, 'uuid')}`]
  if (batch !== undefined) where.push(`g.batch_id = ${bind(batch, 'uuid')}`)
  if (promptId !== undefined) where.push(`g.prompt_id = ${bind(promptId, 'uuid')}`)
  if (configurationId !== undefined) where.push(`g.configuration_id = ${bind(configurationId, 'uuid')}`)
  if (status !== undefined) where.push(`g.status = ${bind(status, 'text')}`)
  if (label !== undefined) where.push(`g.label = ${bind(label, 'text')}`)
  if (from !== undefined) where.push(`g.created_at >= ${bind(from, 'timestamptz')}`)
  if (to !== undefined) where.push(`g.created_at < ${bind(to, 'timestamptz')}`)
  if (column !== 'created_at') where.push(`g.${column} IS NOT NULL`)
  if (after !== undefined) {
    const sign = sort.startsWith('-') ? '<' : '>'
    where.push(`(g.${column}, g.id) ${sign} (${bind(after[0], COLUMNS[column])}, ${bind(after[1], 'uuid')})`)
  }
  return where
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
