import type pg from 'pg'
import type { Actor } from '../access/actor.ts'
import type { Reading } from '../access/list-download.ts'
import { decodeCursor, encodeCursor, Position } from '../cursor.ts'
import { actorJson, isoTime } from '../db/columns.ts'
import { onPrimary, readReplica } from '../db/read.ts'
import { appError } from '../errors.ts'
import { assertSpan } from '../time.ts'
import type { Outcome, OutcomesQuery } from './schema.ts'

/** @throws invalid_input (cursor, `from` not before `to`, `version` without `prompt`) */
export function outcomeReading(
  actor: Actor,
  { limit: _limit, format: _format, cursor, ...query }: OutcomesQuery,
): Reading<Outcome, Position> {
  assertFits(query)
  const scope = { list: 'outcomes', filters: query }
  return {
    after: decodeCursor(scope, Position, cursor),
    cursorOf: (position) => encodeCursor(scope, position),
    read: (after, limit) =>
      reading(actor, query, async (pool) => {
        const { workspaceId } = actor
        const promptId =
          query.prompt === undefined ? undefined : (await findPrompt(pool, workspaceId, query.prompt)).id
        const { rows } = await pool.query<Outcome>(
          statement({ ...query, workspaceId, promptId, asker: actor.id, after, limit }),
        )
        const last = rows.length > limit ? rows[limit - 1] : undefined
        return { items: rows.slice(0, limit), next: last && [last.reported_at, last.id] }
      }),
  }
}

/**
 * A report raises no revision, so nothing tells a replica that somebody has just rated a generation and looks at it.
 */
function reading<T>(
  actor: Actor,
  { generation }: Pick<OutcomesQuery, 'generation'>,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  return generation === undefined ? readReplica(actor, work) : onPrimary(({ pool }) => work(pool))
}

function assertFits({ prompt, version, from, to }: OutcomesQuery): void {
  assertSpan({ from, to })
  if (version === undefined || prompt !== undefined) return
  const message = 'needs `prompt`: every prompt has a version of this number'
  throw appError('invalid_input', `\`version\` ${message}.`, {
    details: [{ path: ['version'], code: 'prompt_missing', message }],
  })
}

/** A prompt by its name or an alias. @throws not_found */
export async function findPrompt(
  pool: pg.Pool,
  workspaceId: string,
  name: string,
): Promise<{ id: string; name: string }> {
  const { rows } = await pool.query<{ id: string; name: string }>({
    name: 'outcomes.prompt',
    text: `SELECT p.id, p.name FROM prompt_name n
      JOIN prompt_template p ON p.workspace_id = n.workspace_id AND p.id = n.prompt_id
      WHERE n.workspace_id = $1 AND n.name = $2`,
    values: [workspaceId, name],
  })
  if (rows[0] === undefined) throw appError('not_found', `There is no prompt "${name}".`)
  return rows[0]
}

interface Filter extends Omit<OutcomesQuery, 'limit' | 'cursor' | 'format' | 'prompt'> {
  workspaceId: string
  promptId: string | undefined
  asker: string
  after: Position | undefined
  limit: number
}

const COLUMNS = `o.id, o.outcome, o.score::float8 AS score, o.note, o.metadata, ${isoTime('o.reported_at')} AS reported_at,
  p.name AS prompt, o.version_number AS version, o.label, o.operation,
  CASE WHEN o.operation IN ('generation', 'draft') THEN o.receipt_id END AS generation, ${isoTime('o.used_at')} AS used_at,
  ${actorJson('a')} AS reporter, o.surface, o.client_name AS client,
  ${isoTime('o.replaced_at')} AS replaced_at`
const NEWEST_FIRST = 'ORDER BY o.reported_at DESC, o.id DESC'

/** Holds only the conditions that are asked for, so that PostgreSQL takes the index that serves them. */
function statement(filter: Filter): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const where = [`o.workspace_id = ${bind(filter.workspaceId, 'uuid')}`]
  const equal = (expression: string, value: string | number | undefined, type: string) => {
    if (value !== undefined) where.push(`${expression} = ${bind(value, type)}`)
  }
  const { from, to, after, generation } = filter
  if (filter.replaced !== 'true') where.push('o.replaced_at IS NULL')
  equal('o.prompt_id', filter.promptId, 'uuid')
  equal('o.version_number', filter.version, 'integer')
  equal('o.label', filter.label, 'text')
  equal(`coalesce(o.client_name, '')`, filter.client, 'text')
  equal('o.outcome', filter.outcome, 'text')
  equal('o.receipt_id', generation, 'uuid')
  if (generation !== undefined) where.push(`o.operation IN ('generation', 'draft')`)
  if (from !== undefined) where.push(`o.reported_at >= ${bind(new Date(from), 'timestamptz')}`)
  if (to !== undefined) where.push(`o.reported_at < ${bind(new Date(to), 'timestamptz')}`)
  if (after !== undefined)
    where.push(`(o.reported_at, o.id) < (${bind(after[0], 'timestamptz')}, ${bind(after[1], 'uuid')})`)
  const text = `SELECT ${COLUMNS}, o.reported_by = ${bind(filter.asker, 'uuid')} AS is_own FROM (
      SELECT * FROM outcome o WHERE ${where.join(' AND ')} ${NEWEST_FIRST} LIMIT ${bind(filter.limit + 1, 'integer')}
    ) o JOIN prompt_template p ON p.workspace_id = o.workspace_id AND p.id = o.prompt_id
    JOIN actor a ON a.workspace_id = o.workspace_id AND a.id = o.reported_by ${NEWEST_FIRST}`
  return { text, values }
}
