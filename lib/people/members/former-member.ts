import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'

/** The person whose actor this was until it was removed. */
export async function formerPerson(tx: Tx, { workspaceId }: Actor, id: string): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ person_id: string }[]>`SELECT person_id FROM former_member
    WHERE workspace_id = ${workspaceId}::uuid AND actor_id = ${id}::uuid`
  return row?.person_id
}
