import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { entryOf, lockMember } from '../members/stored-member.ts'
import { assertMayGive, assertMayManageNow } from '../policy.ts'
import { insertReset } from '../resets.ts'
import type { ResetLink } from '../schema.ts'

export interface CreateResetRequest {
  id: string
}

/**
 * Makes a link that takes a new password of somebody else: of a member below admin by an admin, of anybody by an
 * owner. It ends all sessions when it is used, and leaves the second factor as it is.
 * @throws forbidden, not_found, conflict for oneself and for a member of another workspace, unavailable
 */
export const createReset = operation('createReset', run)

async function run(actor: Actor, { id }: CreateResetRequest): Promise<ResetLink> {
  assertMayManageNow(actor)
  return change(actor, async ({ tx, record }) => {
    const { member } = await lockMember(tx, actor, id)
    assertMayGive(actor, member.role)
    if (member.id === actor.id)
      throw appError('conflict', 'Your own password is changed in your account, not by a link.')
    const [elsewhere] = await tx.$queryRaw<object[]>`SELECT FROM member
      WHERE person_id = ${member.person_id}::uuid AND workspace_id <> ${actor.workspaceId}::uuid LIMIT 1`
    // Whoever manages one workspace must not become somebody in another one.
    if (elsewhere !== undefined)
      throw appError('conflict', 'A link for this person can be made by the operator of the server alone.')
    const link = await insertReset(tx, member.person_id, { madeBy: actor.id })
    record(entryOf('reset.create', member, { after: { expires_at: link.expires_at } }))
    return link
  })
}
