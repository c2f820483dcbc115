import type { Tx } from '../db/client.ts'
import type { Actor } from './actor.ts'
import { may, roleMay } from './rights.ts'
import { ROLES, type Scope } from './rules.ts'

/** Somebody who looks for help needs no longer list. */
const NAMED_MAX = 10

/**
 * Names of members who have a right in a category (null: for prompts without one). Members are told, and what acts
 * for them; a service is told of nobody.
 */
export async function whoMay(
  tx: Tx,
  actor: Actor,
  scope: Scope,
  categoryId: string | null,
): Promise<string[]> {
  const { credential, workspaceId } = actor
  const isService = 'personActorId' in credential && credential.personActorId === null
  if (isService || !may(actor, 'prompts:read')) return []
  const roles = ROLES.filter((role) => roleMay(role, scope))
  const rows = await tx.$queryRaw<{ display: string }[]>`
    SELECT a.display FROM member m
    JOIN actor a ON a.workspace_id = m.workspace_id AND a.id = m.actor_id
    JOIN person p ON p.id = m.person_id
    WHERE m.workspace_id = ${workspaceId}::uuid AND m.role = ANY (${roles}::text[])
      AND m.deactivated_at IS NULL AND p.deactivated_at IS NULL
      AND (m.all_categories OR ${categoryId}::uuid = ANY (m.category_ids))
    ORDER BY a.display, a.id LIMIT ${NAMED_MAX}`
  return rows.map(({ display }) => display)
}
