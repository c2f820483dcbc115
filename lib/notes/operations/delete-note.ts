import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayDeleteNote, assertMayWriteNotes } from '../policy.ts'

/**
 * Deletes a note on the time line.
 * @throws not_found; forbidden for the note of somebody else, but to those who change settings; unavailable
 */
export const deleteNote = operation('deleteNote', run)

async function run(actor: Actor, { id }: { id: string }): Promise<void> {
  assertMayWriteNotes(actor)
  const { workspaceId } = actor
  await change(actor, async ({ tx, record }) => {
    const where = { workspace_id_id: { workspace_id: workspaceId, id } }
    const note = await tx.usageNote.findUnique({ where })
    if (note === null) throw appError('not_found', 'There is no such note.')
    assertMayDeleteNote(actor, note)
    await tx.usageNote.delete({ where, select: { id: true } })
    record({
      action: 'note.delete',
      target: { kind: 'note', id, name: note.text },
      before: { at: note.at },
      after: null,
    })
  })
}
