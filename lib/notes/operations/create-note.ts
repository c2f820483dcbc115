import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertRoom } from '../../db/changes/room.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayWriteNotes } from '../policy.ts'
import type { CreateNoteInput, Note } from '../schema.ts'
import { SELECT_NOTE } from '../stored-note.ts'

/**
 * Keeps a note on the time line of usage.
 * @throws not_found for an unknown prompt, too_large past `limits.usage_notes`, forbidden, unavailable
 */
export const createNote = operation('createNote', run)

async function run(actor: Actor, { text, at, prompt }: CreateNoteInput): Promise<Note> {
  assertMayWriteNotes(actor)
  const { workspaceId } = actor
  return change(actor, async ({ tx, record }) => {
    await assertRoom(
      tx,
      workspaceId,
      'usage_notes',
      (most) => `There are at most ${most} notes`,
      () => tx.usageNote.count({ where: { workspace_id: workspaceId } }),
    )
    const promptId = prompt === undefined ? null : await findPrompt(tx, workspaceId, prompt)
    const id = newId()
    const moment = at === undefined ? new Date() : new Date(at)
    await tx.$executeRaw`INSERT INTO usage_note (workspace_id, id, at, text, prompt_id, created_by)
      VALUES (${workspaceId}::uuid, ${id}::uuid, ${moment}, ${text}, ${promptId}::uuid, ${actor.id}::uuid)`
    record({ action: 'note.create', target: { kind: 'note', id, name: text }, after: { at: moment, prompt } })
    const [note] = await tx.$queryRawUnsafe<Note[]>(`${SELECT_NOTE} AND o.id = $2::uuid`, workspaceId, id)
    if (note === undefined) throw appError('internal', 'The note was not kept.')
    return note
  })
}

async function findPrompt(tx: Tx, workspaceId: string, name: string): Promise<string> {
  const found = await tx.promptName.findUnique({
    where: { workspace_id_name: { workspace_id: workspaceId, name } },
    select: { prompt_id: true },
  })
  if (found === null) throw appError('not_found', `There is no prompt "${name}".`)
  return found.prompt_id
}
