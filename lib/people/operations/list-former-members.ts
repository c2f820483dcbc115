import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMayManage } from '../policy.ts'
import type { FormerMember, FormerMemberPage, ListFormerMembersQuery } from '../schema.ts'

const Key = z.tuple([CursorTime, z.uuid()])
const SCOPE = { list: 'former-members' }

/** A forgotten e-mail has no `@`. */
const READ = `SELECT f.actor_id AS id, a.display AS name, CASE WHEN strpos(p.email, '@') > 0 THEN p.email END AS email,
    to_char(f.removed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS removed_at,
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
  const limit = pageSize(input.limit)
  const [time = null, id = null] = decodeCursor(SCOPE, Key, input.cursor) ?? []
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FormerMember>(READ, [actor.workspaceId, limit + 1, time, id]),
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit),
    next_cursor: last === undefined ? null : encodeCursor(SCOPE, [last.removed_at, last.id]),
  }
}
