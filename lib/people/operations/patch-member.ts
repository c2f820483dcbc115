import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertLimitFits } from '../members/categories.ts'
import { changeMember, withRole } from '../members/change-member.ts'
import { lastOwner, lockMember, readMember, type StoredMember } from '../members/stored-member.ts'
import { assertMayGive, assertMayManageNow } from '../policy.ts'
import type { Member, PatchMemberInput } from '../schema.ts'

export type PatchMemberRequest = PatchMemberInput & { id: string; if_match?: string }

/**
 * Changes a member; what is left out stays. With its rights its sessions begin anew: it signs in again.
 * @throws forbidden, not_found, precondition_required, precondition_failed, conflict for the last owner, unprocessable
 *   (categories), unavailable
 */
export const patchMember = operation('patchMember', run)

async function run(actor: Actor, input: PatchMemberRequest): Promise<Member> {
  assertMayManageNow(actor)
  return change(actor, (context) => update(context, actor, input))
}

async function update(context: ChangeContext, actor: Actor, input: PatchMemberRequest): Promise<Member> {
  const { tx } = context
  const { member: before, isLastOwner } = await lockMember(tx, actor, input.id)
  const after = patched(before, input)
  assertMayGive(actor, before.role, after.role)
  assertMatches(input.if_match, before, 'member')
  assertLimitFits(after.role, input.categories)
  if (isLastOwner && (after.role !== 'owner' || after.deactivated)) throw lastOwner()
  if (!isSame(before, after)) await changeMember(context, actor, { before, after })
  return readMember(tx, actor.workspaceId, before.id)
}

function patched(before: StoredMember, input: PatchMemberInput): StoredMember {
  const after = withRole(before, input.role ?? before.role)
  const { categories = after.categories, deactivated = after.deactivated } = input
  return { ...after, categories, deactivated }
}

function isSame(before: StoredMember, after: StoredMember): boolean {
  const sorted = ({ categories }: StoredMember) => JSON.stringify(categories?.toSorted() ?? null)
  return (
    before.role === after.role && before.deactivated === after.deactivated && sorted(before) === sorted(after)
  )
}
