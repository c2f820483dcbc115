import type { Pool } from 'pg'
import type { Actor } from '../../access/actor.ts'
import { newestPage } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertSpan } from '../../time.ts'
import { assertMayReadNotes } from '../policy.ts'
import type { Note, NotePage, NotesQuery } from '../schema.ts'
import { SELECT_NOTE } from '../stored-note.ts'

const timeOf = ({ at }: Note) => at

/**
 * Notes on the time line, newest first.
 * @throws invalid_input for a foreign cursor or `from` that is not before `to`, not_found for an unknown prompt,
 *   forbidden, unavailable
 */
export const listNotes = operation('listNotes', run)

async function run(actor: Actor, input: NotesQuery): Promise<NotePage> {
  assertMayReadNotes(actor)
  const { from, to, prompt } = input
  assertSpan(input)
  const scope = { list: 'notes', filters: { from, to, prompt } }
  return newestPage(scope, input, timeOf, async (after, most) => {
    const [at, id] = after ?? []
    const span = [from, to].map((time) => (time === undefined ? null : new Date(time)))
    const values = [actor.workspaceId, ...span, prompt ?? null, at, id, most]
    const { rows } = await onPrimary(async ({ pool }) => {
      if (prompt !== undefined) await assertPrompt(pool, actor.workspaceId, prompt)
      return pool.query<Note>(LIST, values)
    })
    return rows
  })
}

async function assertPrompt(pool: Pool, workspaceId: string, name: string): Promise<void> {
  const { rowCount } = await pool.query('SELECT FROM prompt_name WHERE workspace_id = $1 AND name = $2', [
    workspaceId,
    name,
  ])
  if (rowCount === 0) throw appError('not_found', `There is no prompt "${name}".`)
}

const LIST = `${SELECT_NOTE}
    AND ($2::timestamptz IS NULL OR o.at >= $2) AND ($3::timestamptz IS NULL OR o.at < $3)
    AND ($4::text IS NULL OR o.prompt_id IS NULL OR o.prompt_id = (
      SELECT prompt_id FROM prompt_name WHERE workspace_id = $1::uuid AND name = $4))
    AND ($5::timestamptz IS NULL OR (o.at, o.id) < ($5::timestamptz, $6::uuid))
  ORDER BY o.at DESC, o.id DESC LIMIT $7::integer`
