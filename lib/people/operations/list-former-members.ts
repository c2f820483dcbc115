import type { Actor } from '../../access/actor.ts'
import { newestPage } from '../../cursor.ts'
import { isoTime } from '../../db/columns.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayManage } from '../policy.ts'
import type { FormerMember, FormerMemberPage, ListFormerMembersQuery } from '../schema.ts'

const SCOPE = { list: 'former-members' }
const timeOf = ({ removed_at }: FormerMember) => removed_at

/** A forgotten e-mail has no `@`. */
const READ = `SELECT f.actor_id AS id, a.display AS name, CASE WHEN strpos(p.email, '@') > 0 THEN p.email END AS email,
    ${isoTime('f.removed_at')} AS removed_at,
    CASE WHEN b.id IS NOT NULL THEN json_build_object('id', b.id, 'display', b.display) END AS removed_by,
    EXISTS (SELECT FROM member m WHERE m.workspace_id = f.workspace_id AND m.person_id = f.person_id) AS is_member
  FROM former_member f JOIN person p ON p.id = f.person_id
    JOIN actor a ON a.workspace_id = f.workspace_id AND a.id = f.actor_id
    LEFT JOIN actor b ON b.workspace_id = f.workspace_id AND b.id = f.removed_by
  WHERE f.workspace_id = $1 AND ($3::timestamptz IS NULL OR (f.removed_at, f.actor_id) < ($3, $4::uuid))
  ORDER BY f.removed_at DESC, f.actor_id DESC LIMIT $2`

/**
 * A page of those who were removed or have left, the latest first.
 * @throws invalid_input (cursor, limit), forbidden, unavailable
 */
export const listFormerMembers = operation('listFormerMembers', run)

async function run(actor: Actor, input: ListFormerMembersQuery): Promise<FormerMemberPage> {
  assertMayManage(actor)
  return newestPage(SCOPE, input, timeOf, async (after, most) => {
    const [time, id] = after ?? []
    const { rows } = await onPrimary(({ pool }) =>
      pool.query<FormerMember>(READ, [actor.workspaceId, most, time, id]),
    )
    return rows
  })
}
