import type { Actor } from '../../access/actor.ts'
import { ROLES, type Role } from '../../access/rules.ts'
import type { ChangeContext } from '../../db/change.ts'
import { endResets, endResetsMadeBy } from '../auth/people.ts'
import { endSessions } from '../auth/sessions.ts'
import { isAdmin, mayGive } from '../policy.ts'
import type { StoredMember } from './stored-member.ts'

/**
 * Ends what a person has open, after a change of its rights: a session begins anew with the rights of today, and no
 * link for a new password is left, neither to its account nor of its making. Every instance hears of it by the audit
 * row about the person.
 */
export async function renewAccess({ tx }: ChangeContext, { id, person_id }: StoredMember): Promise<void> {
  await endSessions(tx, person_id)
  await endResetsMadeBy(tx, id)
  // Whoever made one may not make it of what this person is now.
  await endResets(tx, person_id)
}

/**
 * Takes back the invitations that a member has made, may not make any more, and that nobody has accepted. What it had
 * made besides stays, and belongs to nobody else.
 * @param role what the member is from now on; null: nothing
 */
export async function endInvitations(
  { tx, record }: ChangeContext,
  workspaceId: string,
  { id }: Pick<StoredMember, 'id'>,
  role: Role | null,
): Promise<void> {
  const kept = role === null || !isAdmin(role) ? [] : ROLES.filter((each) => mayGive(role, each))
  const ended = await tx.$queryRaw<{ id: string; email: string; role: string }[]>`
    UPDATE invitation SET ended_at = now()
    WHERE workspace_id = ${workspaceId}::uuid AND created_by = ${id}::uuid AND ended_at IS NULL
      AND role <> ALL (${kept}::text[])
    RETURNING id, email, role`
  for (const { id, email, role } of ended)
    record({
      action: 'invitation.delete',
      target: { kind: 'invitation', id, name: email },
      before: { role },
      after: { reason: 'who_invited_may_not_any_more' },
    })
}

/**
 * Ends a membership. Personal keys and grants of clients hang on its row; sessions end. The actor stays for the
 * history, and so does the person, who may be a member elsewhere.
 */
export async function endMembership(
  context: ChangeContext,
  { id: removedBy, workspaceId }: Actor,
  member: StoredMember,
): Promise<void> {
  const { tx } = context
  await endInvitations(context, workspaceId, member, null)
  await tx.$executeRaw`INSERT INTO former_member (workspace_id, actor_id, person_id, removed_by)
    VALUES (${workspaceId}::uuid, ${member.id}::uuid, ${member.person_id}::uuid, ${removedBy}::uuid)`
  // Without accounts, somebody else acts as the local owner from now on.
  await tx.$executeRaw`UPDATE actor SET builtin = NULL
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${member.id}::uuid`
  await tx.$executeRaw`DELETE FROM member
    WHERE workspace_id = ${workspaceId}::uuid AND actor_id = ${member.id}::uuid`
  await renewAccess(context, member)
}
