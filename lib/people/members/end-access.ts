import type { ChangeContext } from '../../db/change.ts'
import { endSessions } from '../auth/sessions.ts'
import type { StoredMember } from './stored-member.ts'

/**
 * Ends what a person has open, after a change of its rights: a session begins anew with the rights of today. Every
 * instance hears of it by the audit row about the person.
 */
export async function renewAccess({ tx }: ChangeContext, member: StoredMember): Promise<void> {
  await endSessions(tx, member.person_id)
}

/**
 * Takes back the invitations that a member has made and that nobody has accepted: with the right to invite they end.
 * What it had made besides stays, and belongs to nobody else.
 */
export async function endInvitations(
  { tx, record }: ChangeContext,
  workspaceId: string,
  { id }: Pick<StoredMember, 'id'>,
): Promise<void> {
  const ended = await tx.$queryRaw<{ id: string; email: string; role: string }[]>`
    UPDATE invitation SET ended_at = now()
    WHERE workspace_id = ${workspaceId}::uuid AND created_by = ${id}::uuid AND ended_at IS NULL
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
  workspaceId: string,
  member: StoredMember,
): Promise<void> {
  const { tx } = context
  await endInvitations(context, workspaceId, member)
  await tx.$executeRaw`INSERT INTO former_member (workspace_id, actor_id, person_id)
    VALUES (${workspaceId}::uuid, ${member.id}::uuid, ${member.person_id}::uuid)`
  // Without accounts, somebody else acts as the local owner from now on.
  await tx.$executeRaw`UPDATE actor SET builtin = NULL
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${member.id}::uuid`
  await tx.$executeRaw`DELETE FROM member
    WHERE workspace_id = ${workspaceId}::uuid AND actor_id = ${member.id}::uuid`
  await renewAccess(context, member)
}
