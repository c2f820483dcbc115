import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { endMembership } from '../members/end-access.ts'
import { auditFacts, entryOf, lastOwner, lockMember } from '../members/stored-member.ts'
import { assertMayGive, assertMayManageNow } from '../policy.ts'

export interface RemoveMemberRequest {
  id: string
  if_match?: string
}

/**
 * Removes a member: its sessions, personal keys, grants of clients and open streams end on every instance. What it
 * made stays and tells its name; `erase` takes that away.
 * @throws forbidden, not_found, precondition_required, precondition_failed, conflict for the last owner, unavailable
 */
export const removeMember = operation('removeMember', run)

async function run(actor: Actor, { id, if_match }: RemoveMemberRequest): Promise<void> {
  assertMayManageNow(actor)
  await change(actor, async (context) => {
    const { member, isLastOwner } = await lockMember(context.tx, actor, id)
    assertMayGive(actor, member.role)
    assertMatches(if_match, member, 'member')
    if (isLastOwner) throw lastOwner()
    await endMembership(context, actor, member)
    context.record(entryOf('member.delete', member, { before: auditFacts(member) }))
  })
}
