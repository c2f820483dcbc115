import type pg from 'pg'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { readReplica } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMay } from '../policy.ts'
import type { GenerationPage, GenerationSummary, ListGenerationsQuery } from '../schema.ts'
import { columnOf, listStatement } from '../store/list-statement.ts'

const TimeKey = z.tuple([CursorTime, z.uuid()])
/** A count of milliseconds or tokens, or dollars with their fraction. */
const FigureKey = z.tuple([z.string().regex(/^\d{1,10}(\.\d{1,10})?$/), z.uuid()])
const NOTHING: GenerationPage = { items: [], next_cursor: null }

/**
 * A page of generations, the newest first unless `sort` says otherwise. An actor that is pinned to a label sees
 * those of its label.
 * @throws invalid_input (cursor, limit, range), not_found for a prompt or configuration that there is not,
 *   forbidden, unavailable
 */
export const listGenerations = operation('listGenerations', run)

async function run(actor: Actor, input: ListGenerationsQuery): Promise<GenerationPage> {
  assertMay(actor, 'read')
  const limit = pageSize(input.limit)
  const { status, prompt, label, configuration, batch, sort = '-created_at' } = input
  const q = input.q?.trim() || undefined
  const { from, to } = rangeOf(input)
  const filters = { status, prompt, label, configuration, batch, q, from: input.from, to: input.to }
  const scope = { list: 'generations', sort, filters: { ...filters, pin: actor.label } }
  const after = decodeCursor(scope, columnOf(sort) === 'created_at' ? TimeKey : FigureKey, input.cursor)
  if (actor.label !== null && label !== undefined && label !== actor.label) return NOTHING
  return readReplica(actor, async (pool) => {
    const promptId = prompt === undefined ? undefined : await findPrompt(pool, actor.workspaceId, prompt)
    const configurationId =
      configuration === undefined
        ? undefined
        : await findConfiguration(pool, actor.workspaceId, configuration)
    const narrowed = { q, from, to, status, promptId, label: actor.label ?? label, configurationId, batch }
    const filter = { ...narrowed, sort, after, limit }
    const { rows } = await pool.query<ListRow>(listStatement(actor.workspaceId, filter))
    const found = rows.flatMap(({ item }) => (item === null ? [] : [item]))
    const last = found.length > limit ? rows[limit - 1] : rows.find(({ item }) => item === null)
    return {
      items: found.slice(0, limit),
      next_cursor: last === undefined ? null : encodeCursor(scope, [last.sort_key, last.id]),
    }
  })
}

interface ListRow {
  /** null: a search has looked so far without finding a whole page. */
  item: GenerationSummary | null
  sort_key: string
  id: string
}

/** @throws invalid_input when `from` is not before `to` */
function rangeOf({ from, to }: ListGenerationsQuery): { from: Date | undefined; to: Date | undefined } {
  const range = {
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  }
  if (range.from === undefined || range.to === undefined || range.from < range.to) return range
  throw appError('invalid_input', '`from` must be before `to`.', {
    details: [{ path: ['from'], code: 'invalid_range', message: 'is not before `to`' }],
  })
}

async function findPrompt(pool: pg.Pool, workspaceId: string, name: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'generations.prompt',
    text: 'SELECT prompt_id AS id FROM prompt_name WHERE workspace_id = $1 AND name = $2',
    values: [workspaceId, name],
  })
  if (rows[0] === undefined) throw appError('not_found', `There is no prompt "${name}".`)
  return rows[0].id
}

async function findConfiguration(pool: pg.Pool, workspaceId: string, name: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'generations.configuration',
    text: 'SELECT id FROM ai_configuration WHERE workspace_id = $1 AND name = $2',
    values: [workspaceId, name],
  })
  if (rows[0] === undefined) throw appError('not_found', `There is no AI configuration "${name}".`)
  return rows[0].id
}
