import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { endMembership } from '../members/end-access.ts'
import { auditFacts, entryOf, lastOwner, lockMember } from '../members/stored-member.ts'
import { assertSelfNow } from '../policy.ts'

/**
 * Ends one's own membership, as if somebody else had removed it.
 * @throws forbidden, not_found while there is no account, conflict for the last owner, unavailable
 */
export const leaveWorkspace = operation('leaveWorkspace', run)

async function run(actor: Actor): Promise<void> {
  assertSelfNow(actor)
  await change(actor, async (context) => {
    const { member, isLastOwner } = await lockMember(context.tx, actor, actor.id)
    if (isLastOwner) throw lastOwner()
    await endMembership(context, actor, member)
    context.record(entryOf('member.leave', member, { before: auditFacts(member) }))
  })
}
