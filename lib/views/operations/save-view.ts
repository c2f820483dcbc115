import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertRoom } from '../../db/changes/room.ts'
import { takeTurn } from '../../db/changes/turn.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayShareViews, assertMayUseViews } from '../policy.ts'
import type { SavedView, SaveViewInput } from '../schema.ts'
import { SELECT_VIEW } from '../stored-view.ts'

/**
 * Keeps an address under a name; the same name again takes the new address.
 * @throws conflict for a shared name that somebody else saved, too_large past `limits.saved_views`, forbidden,
 *   unavailable
 */
export const saveView = operation('saveView', run)

async function run(actor: Actor, { page, name, query, shared = false }: SaveViewInput): Promise<SavedView> {
  assertMayUseViews(actor)
  if (shared) assertMayShareViews(actor)
  const { workspaceId } = actor
  return change(actor, async ({ tx, record }) => {
    // Two who save the same name follow each other.
    await takeTurn(tx, workspaceId, 'view', `${page} ${name}`)
    const before = await findSame(tx, actor, { page, name, shared })
    if (before !== undefined && before.created_by !== actor.id) throw taken(name)
    if (before === undefined)
      await assertRoom(
        tx,
        workspaceId,
        'saved_views',
        (most) => `Somebody has at most ${most} views`,
        () => tx.savedView.count({ where: { workspace_id: workspaceId, created_by: actor.id } }),
        actor.id,
      )
    const id = before?.id ?? newId()
    await tx.savedView.upsert({
      where: { workspace_id_id: { workspace_id: workspaceId, id } },
      create: { workspace_id: workspaceId, id, page, name, query, shared, created_by: actor.id },
      update: { query },
      select: { id: true },
    })
    record({
      action: before === undefined ? 'view.create' : 'view.change',
      target: { kind: 'view', id, name },
      ...(before !== undefined && { before: { query: before.query } }),
      after: { page, query, shared },
    })
    const [view] = await tx.$queryRawUnsafe<SavedView[]>(
      `${SELECT_VIEW} AND v.id = $3::uuid`,
      workspaceId,
      actor.id,
      id,
    )
    if (view === undefined) throw appError('internal', 'The view was not kept.')
    return view
  })
}

function findSame(tx: Tx, { workspaceId, id }: Actor, view: { page: string; name: string; shared: boolean }) {
  return tx.savedView
    .findFirst({ where: { workspace_id: workspaceId, ...view, ...(!view.shared && { created_by: id }) } })
    .then((row) => row ?? undefined)
}

function taken(name: string) {
  const message = `Somebody else saved "${name}" for everybody. Choose another name.`
  return appError('conflict', message, { details: [{ path: ['name'], code: 'taken', message }] })
}
