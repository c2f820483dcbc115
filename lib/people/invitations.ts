import type { Tx } from '../db/client.ts'
import { isoTime } from '../db/columns.ts'
import { appError } from '../errors.ts'
import type { Invitation } from './schema.ts'

/** Invitations of a workspace that can still be accepted. */
export const OPEN_INVITATIONS = `SELECT i.id, i.email, i.role,
    CASE WHEN NOT i.all_categories THEN coalesce((
      SELECT json_agg(c.slug ORDER BY c.position, c.slug) FROM category c
      WHERE c.workspace_id = i.workspace_id AND c.id = ANY (i.category_ids)), '[]') END AS categories,
    json_build_object('id', a.id, 'display', a.display) AS invited_by,
    ${isoTime('i.created_at')} AS created_at, ${isoTime('i.expires_at')} AS expires_at
  FROM invitation i JOIN actor a ON a.workspace_id = i.workspace_id AND a.id = i.created_by
  WHERE i.workspace_id = $1::uuid AND i.ended_at IS NULL AND i.expires_at > now()`

/** An open invitation. @throws not_found */
export async function readInvitation(tx: Tx, workspaceId: string, id: string): Promise<Invitation> {
  const [found] = await tx.$queryRawUnsafe<Invitation[]>(
    `${OPEN_INVITATIONS} AND i.id = $2::uuid`,
    workspaceId,
    id,
  )
  if (found === undefined) throw noInvitation()
  return found
}

export function noInvitation() {
  return appError('not_found', 'There is no such invitation.')
}

/** The target of audit rows; the log asks for the address when it is read, so that it can be erased. */
export function invitationTarget({ id, email }: Pick<Invitation, 'id' | 'email'>) {
  return { kind: 'invitation', id, name: email }
}
