import type { Actor } from '../../access/actor.ts'
import type { Role } from '../../access/rules.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { readExport } from '../members/read-export.ts'
import { noMember } from '../members/stored-member.ts'
import { assertMayGive, assertMayManage } from '../policy.ts'
import type { PersonExport } from '../schema.ts'

export interface ExportMemberRequest {
  id: string
}

const FIND = `SELECT person_id, role FROM member WHERE workspace_id = $1 AND actor_id = $2
  UNION ALL SELECT person_id, 'owner' FROM former_member WHERE workspace_id = $1 AND actor_id = $2`

/**
 * What is kept of a member, as far as this workspace goes; an owner gets that of former members, too.
 * @throws forbidden, not_found, unavailable
 */
export const exportMember = operation('exportMember', run)

async function run(actor: Actor, { id }: ExportMemberRequest): Promise<PersonExport> {
  assertMayManage(actor)
  const { workspaceId } = actor
  return onPrimary(async ({ pool }) => {
    const { rows } = await pool.query<{ person_id: string; role: Role }>(FIND, [workspaceId, id])
    const [found] = rows
    if (found === undefined) throw noMember()
    assertMayGive(actor, found.role)
    const exported = await readExport(pool, { personId: found.person_id, workspaceId, everywhere: false })
    if (exported === undefined) throw noMember()
    return exported
  })
}
