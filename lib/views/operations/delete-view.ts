import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayDeleteView, assertMayUseViews } from '../policy.ts'

/**
 * Deletes a view.
 * @throws not_found, also for somebody else's own; forbidden for one of everybody that somebody else saved, but to those
 *   who change settings; unavailable
 */
export const deleteView = operation('deleteView', run)

async function run(actor: Actor, { id }: { id: string }): Promise<void> {
  assertMayUseViews(actor)
  const where = { workspace_id_id: { workspace_id: actor.workspaceId, id } }
  await change(actor, async ({ tx, record }) => {
    const view = await tx.savedView.findUnique({ where })
    if (view === null || !(view.shared || view.created_by === actor.id))
      throw appError('not_found', 'There is no such view.')
    assertMayDeleteView(actor, view)
    await tx.savedView.delete({ where, select: { id: true } })
    const { page, name, query, shared } = view
    record({
      action: 'view.delete',
      target: { kind: 'view', id, name },
      before: { page, query, shared },
      after: null,
    })
  })
}
