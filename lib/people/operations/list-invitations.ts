import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { OPEN_INVITATIONS } from '../invitations.ts'
import { assertMayManage } from '../policy.ts'
import type { Invitation, InvitationList } from '../schema.ts'

/**
 * All invitations that can still be accepted, the newest first; `limits.invitations` bounds them.
 * @throws forbidden, unavailable
 */
export const listInvitations = operation('listInvitations', run)

async function run(actor: Actor): Promise<InvitationList> {
  assertMayManage(actor)
  const text = `${OPEN_INVITATIONS} ORDER BY i.created_at DESC, i.id DESC LIMIT $2`
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<Invitation>(text, [actor.workspaceId, getRuntime().config.limits.invitations]),
  )
  return { items: rows, next_cursor: null }
}
