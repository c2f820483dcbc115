import type pg from 'pg'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { readReplica } from '../../db/read-replica.ts'
import { appError } from '../../errors.ts'
import { pageSize } from '../../page-size.ts'
import { CursorTime } from '../../time.ts'
import { assertMay } from '../policy.ts'
import type { GenerationPage, GenerationStatus, ListGenerationsQuery } from '../schema.ts'
import { SUMMARY, type SummaryRow } from '../stored-generation.ts'

const Key = z.tuple([CursorTime, z.uuid()])
const NOTHING: GenerationPage = { items: [], next_cursor: null }

/**
 * A page of generations, the newest first. An actor that is pinned to a label sees those of its label.
 * @throws invalid_input (cursor, limit), not_found for a prompt or configuration that there is not, forbidden,
 *   unavailable
 */
export async function listGenerations(actor: Actor, input: ListGenerationsQuery): Promise<GenerationPage> {
  assertMay(actor, 'read')
  const limit = pageSize(input.limit)
  const { status, prompt, label, configuration, batch } = input
  const filters = { status, prompt, label, configuration, batch, pin: actor.label }
  const scope = { list: 'generations', filters }
  const after = decodeCursor(scope, Key, input.cursor)
  if (actor.label !== null && label !== undefined && label !== actor.label) return NOTHING
  return readReplica(actor, async (pool) => {
    const promptId = prompt === undefined ? undefined : await findPrompt(pool, actor.workspaceId, prompt)
    const configurationId =
      configuration === undefined
        ? undefined
        : await findConfiguration(pool, actor.workspaceId, configuration)
    const filter = { status, promptId, label: actor.label ?? label, configurationId, batch, after, limit }
    const { rows } = await pool.query<SummaryRow>(listStatement(actor.workspaceId, filter))
    const last = rows.length > limit ? rows[limit - 1]?.item : undefined
    return {
      items: rows.slice(0, limit).map((row) => row.item),
      next_cursor: last === undefined ? null : encodeCursor(scope, [last.created_at, last.id]),
    }
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

interface ListFilter {
  status?: GenerationStatus | undefined
  promptId?: string | undefined
  label?: string | undefined
  configurationId?: string | undefined
  batch?: string | undefined
  after?: [string, string] | undefined
  limit: number
}

/** Holds only the conditions that are asked for, so that PostgreSQL takes the index that serves them. */
function listStatement(workspaceId: string, filter: ListFilter): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const where = [`g.workspace_id = ${bind(workspaceId, 'uuid')}`]
  const { status, promptId, label, configurationId, batch, after, limit } = filter
  if (batch !== undefined) where.push(`g.batch_id = ${bind(batch, 'uuid')}`)
  if (promptId !== undefined) where.push(`g.prompt_id = ${bind(promptId, 'uuid')}`)
  if (configurationId !== undefined) where.push(`g.configuration_id = ${bind(configurationId, 'uuid')}`)
  if (status !== undefined) where.push(`g.status = ${bind(status, 'text')}`)
  if (label !== undefined) where.push(`g.label = ${bind(label, 'text')}`)
  if (after !== undefined)
    where.push(`(g.created_at, g.id) < (${bind(after[0], 'timestamptz')}, ${bind(after[1], 'uuid')})`)
  // Sorted before it is joined: the texts of a page are read, not those of the whole list.
  const text = `SELECT ${SUMMARY.columns} FROM (
      SELECT * FROM generated_content g WHERE ${where.join(' AND ')}
      ORDER BY g.created_at DESC, g.id DESC LIMIT ${bind(limit + 1, 'integer')}
    ) g ${SUMMARY.joins} ORDER BY g.created_at DESC, g.id DESC`
  return { text, values }
}
