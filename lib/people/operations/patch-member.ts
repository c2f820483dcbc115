import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertLimitFits, categoryIds } from '../members/categories.ts'
import { endInvitations, renewAccess } from '../members/end-access.ts'
import {
  auditFacts,
  entryOf,
  lastOwner,
  lockMember,
  readMember,
  type StoredMember,
} from '../members/stored-member.ts'
import { assertMayGive, assertMayManageNow, isAdmin } from '../policy.ts'
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
  const { tx, record } = context
  const { member: before, isLastOwner } = await lockMember(tx, actor, input.id)
  const after = patched(before, input)
  assertMayGive(actor, before.role, after.role)
  assertMatches(input.if_match, before, 'member')
  assertLimitFits(after.role, input.categories)
  if (isLastOwner && (after.role !== 'owner' || after.deactivated)) throw lastOwner()
  const limit = await categoryIds(tx, actor.workspaceId, after.categories)
  if (!isSame(before, after)) {
    await tx.$executeRaw`UPDATE member SET role = ${after.role}, all_categories = ${limit === null}, category_ids = ${limit ?? []}::uuid[],
        deactivated_at = CASE WHEN ${after.deactivated} THEN coalesce(deactivated_at, now()) END,
        revision = revision + 1, updated_at = now()
      WHERE workspace_id = ${actor.workspaceId}::uuid AND actor_id = ${before.id}::uuid`
    record(entryOf('member.update', before, { before: auditFacts(before), after: auditFacts(after) }))
    await endInvitations(context, actor.workspaceId, before, after.deactivated ? null : after.role)
    await renewAccess(context, before)
  }
  return readMember(tx, actor.workspaceId, before.id)
}

function patched(before: StoredMember, input: PatchMemberInput): StoredMember {
  const role = input.role ?? before.role
  const kept = isAdmin(role) ? null : before.categories
  return {
    ...before,
    role,
    categories: input.categories === undefined ? kept : input.categories,
    deactivated: input.deactivated ?? before.deactivated,
  }
}

function isSame(before: StoredMember, after: StoredMember): boolean {
  const sorted = ({ categories }: StoredMember) => JSON.stringify(categories?.toSorted() ?? null)
  return (
    before.role === after.role && before.deactivated === after.deactivated && sorted(before) === sorted(after)
  )
}
