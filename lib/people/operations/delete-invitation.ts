import type { Actor } from '../../access/actor.ts'
import type { Role } from '../../access/rules.ts'
import { change } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { invitationTarget, noInvitation } from '../invitations.ts'
import { assertMayGive, assertMayManage } from '../policy.ts'

export interface DeleteInvitationRequest {
  id: string
}

/**
 * Takes an invitation back: its link is an unknown one from then on.
 * @throws forbidden, not_found, unavailable
 */
export const deleteInvitation = operation('deleteInvitation', run)

async function run(actor: Actor, { id }: DeleteInvitationRequest): Promise<void> {
  assertMayManage(actor)
  await change(actor, async ({ tx, record }) => {
    const [ended] = await tx.$queryRaw<{ email: string; role: Role }[]>`UPDATE invitation SET ended_at = now()
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid AND ended_at IS NULL
      RETURNING email, role`
    if (ended === undefined) throw noInvitation()
    assertMayGive(actor, ended.role)
    record({
      action: 'invitation.delete',
      target: invitationTarget({ id, email: ended.email }),
      before: { role: ended.role },
    })
  })
}
