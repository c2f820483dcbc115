import type { Actor } from '../../access/actor.ts'
import type { Role } from '../../access/rules.ts'
import type { ChangeContext } from '../../db/change.ts'
import { isAdmin } from '../policy.ts'
import { categoryIds } from './categories.ts'
import { endInvitations, renewAccess } from './end-access.ts'
import { auditFacts, entryOf, type StoredMember } from './stored-member.ts'

/** A member with another role. Who manages members is limited to no categories: it could lift any limit of its own. */
export function withRole(member: StoredMember, role: Role): StoredMember {
  return { ...member, role, categories: isAdmin(role) ? null : member.categories }
}

/**
 * Changes the rights of a member that the change has locked, whoever decides it: an admin, the provider of single
 * sign-on, the operator. What it had open ends, and so does what it may not give any more.
 * @param way how it came about, for the audit log, where it was no admin
 * @throws unprocessable (categories)
 */
export async function changeMember(
  context: ChangeContext,
  actor: Actor,
  { before, after, way }: { before: StoredMember; after: StoredMember; way?: string },
): Promise<void> {
  const { tx, record } = context
  const { workspaceId } = actor
  const limit = await categoryIds(tx, workspaceId, after.categories)
  const by = before.deactivated ? null : actor.id
  await tx.$executeRaw`UPDATE member SET role = ${after.role}, all_categories = ${limit === null},
      category_ids = ${limit ?? []}::uuid[],
      deactivated_at = CASE WHEN ${after.deactivated} THEN coalesce(deactivated_at, now()) END,
      deactivated_by = CASE WHEN ${after.deactivated} THEN coalesce(${by}::uuid, deactivated_by) END,
      revision = revision + 1, updated_at = now()
    WHERE workspace_id = ${workspaceId}::uuid AND actor_id = ${before.id}::uuid`
  const facts = { ...auditFacts(after), ...(way !== undefined && { way }) }
  record(entryOf('member.update', before, { before: auditFacts(before), after: facts }))
  await endInvitations(context, workspaceId, before, after.deactivated ? null : after.role)
  await renewAccess(context, before)
}
