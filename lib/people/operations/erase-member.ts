import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { isAppError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { endMembership } from '../members/end-access.ts'
import { erasePerson } from '../members/erase-person.ts'
import { auditFacts, entryOf, lastOwner, lockMember, noMember } from '../members/stored-member.ts'
import { assertOwnerNow } from '../policy.ts'
import { ERASED_NAME } from '../rules.ts'

export interface EraseMemberRequest {
  id: string
}

/**
 * Erases a person: its membership ends, and its name and e-mail go from everywhere. What it did stays on record, by
 * an actor without a name. Members that were removed before can be erased as well, by the id of their actor.
 * @throws forbidden, not_found, conflict for the last owner, unavailable
 */
export const eraseMember = operation('eraseMember', run)

async function run(actor: Actor, { id }: EraseMemberRequest): Promise<void> {
  assertOwnerNow(actor)
  await change(actor, async (context) => {
    const personId = (await endIfMember(context, actor, id)) ?? (await formerPerson(context.tx, actor, id))
    if (personId === undefined) throw noMember()
    await erasePerson(context.tx, actor.workspaceId, personId)
    context.record(entryOf('member.erase', { id, name: ERASED_NAME }))
  })
}

/** @returns the person of a member, which is none any more */
async function endIfMember(context: ChangeContext, actor: Actor, id: string): Promise<string | undefined> {
  const locked = await lockMember(context.tx, actor, id).catch((error: unknown) => {
    if (isAppError(error) && error.code === 'not_found') return undefined
    throw error
  })
  if (locked === undefined) return undefined
  if (locked.isLastOwner) throw lastOwner()
  await endMembership(context, actor, locked.member)
  context.record(entryOf('member.delete', locked.member, { before: auditFacts(locked.member) }))
  return locked.member.person_id
}

/** The person whose actor this was until it was removed. */
async function formerPerson(tx: Tx, { workspaceId }: Actor, id: string): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ person_id: string }[]>`SELECT person_id FROM former_member
    WHERE workspace_id = ${workspaceId}::uuid AND actor_id = ${id}::uuid`
  return row?.person_id
}
