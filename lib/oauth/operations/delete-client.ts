import type { Actor } from '../../access/actor.ts'
import { RIGHTS_KIND } from '../../access/current-rights.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { endGrant, GRANT, type Grant } from '../grants.ts'
import { assertMayConnect, mayManage } from '../policy.ts'

/**
 * Cuts a client off: its tokens are refused everywhere at once. A client that an admin made goes with all that people
 * gave it.
 * @throws forbidden, not_found, unavailable
 */
export const deleteClient = operation('deleteClient', run)

async function run(actor: Actor, { id }: { id: string }): Promise<void> {
  assertMayConnect(actor)
  await change(actor, async (changing) => {
    const isMade = mayManage(actor) && (await deleteMade(changing, actor, id))
    const grants = await lockGrants(changing, actor, id)
    if (!isMade && grants.length === 0) throw appError('not_found', `There is no connected client ${id}.`)
    for (const grant of grants) await endGrant(changing, grant)
  })
}

/** @returns whether the id is that of a client that an admin made */
async function deleteMade({ tx, record }: ChangeContext, actor: Actor, id: string): Promise<boolean> {
  const [made] = await tx.$queryRaw<{ name: string; kind: string }[]>`
    DELETE FROM oauth_client WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid RETURNING name, kind`
  if (made === undefined) return false
  const { name, kind } = made
  record({ action: 'client.delete', target: { kind: RIGHTS_KIND, id, name }, before: { kind } })
  return true
}

/** The grant of an id, or all grants of the client of an id, as far as the actor may end them. */
function lockGrants({ tx }: ChangeContext, actor: Actor, id: string): Promise<Grant[]> {
  const own = mayManage(actor) ? '' : 'AND g.person_actor_id = $3::uuid'
  const values = mayManage(actor) ? [actor.workspaceId, id] : [actor.workspaceId, id, actor.id]
  return tx.$queryRawUnsafe<Grant[]>(
    `SELECT ${GRANT} FROM oauth_grant g
    WHERE g.workspace_id = $1::uuid AND (g.id = $2::uuid OR g.client_id = $2::uuid::text) ${own} FOR UPDATE`,
    ...values,
  )
}
