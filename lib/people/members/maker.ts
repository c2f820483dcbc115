import type { Role } from '../../access/rules.ts'
import type { Tx } from '../../db/client.ts'
import { isAdmin, mayGive } from '../policy.ts'

/**
 * Whether somebody who once gave a role, or made a link to an account that has it, may still do so. Inside of a change
 * their membership is held until it ends, so that a removal at the same moment comes before or after.
 * @param makerId their actor
 */
export async function mayStillGive(tx: Tx, makerId: string, role: Role): Promise<boolean> {
  const maker = await lockMaker(tx, makerId)
  return maker !== undefined && isAdmin(maker.role) && mayGive(maker.role, role)
}

async function lockMaker(tx: Tx, makerId: string): Promise<{ workspace_id: string; role: Role } | undefined> {
  const [maker] = await tx.$queryRaw<{ workspace_id: string; role: Role }[]>`SELECT m.workspace_id, m.role
    FROM member m JOIN person p ON p.id = m.person_id
    WHERE m.actor_id = ${makerId}::uuid AND m.deactivated_at IS NULL AND p.deactivated_at IS NULL
      AND p.erased_at IS NULL
    FOR SHARE OF m`
  return maker
}

/**
 * Whether somebody who made a link for a new password may still make it: the person is a member where they are one
 * themselves, of a role that they change, and nowhere else.
 */
export async function mayStillReset(tx: Tx, makerId: string, personId: string): Promise<boolean> {
  const maker = await lockMaker(tx, makerId)
  const memberships = await tx.$queryRaw<{ workspace_id: string; role: Role }[]>`SELECT workspace_id, role
    FROM member WHERE person_id = ${personId}::uuid`
  const [only] = memberships
  if (maker === undefined || only === undefined || memberships.length > 1) return false
  return only.workspace_id === maker.workspace_id && isAdmin(maker.role) && mayGive(maker.role, only.role)
}
