import type { Tx } from '../../db/client.ts'
import { ERASED_NAME } from '../rules.ts'

/**
 * Takes name and e-mail of a person away from a workspace that it is no member of; of somebody who is a member nowhere
 * everything goes but what it did.
 */
export async function erasePerson(tx: Tx, workspaceId: string, personId: string): Promise<void> {
  const [elsewhere] = await tx.$queryRaw<object[]>`SELECT FROM member
    WHERE person_id = ${personId}::uuid AND workspace_id <> ${workspaceId}::uuid LIMIT 1`
  await tx.$executeRaw`UPDATE invitation SET email = ${`erased-${personId}`}, ended_at = coalesce(ended_at, now())
    WHERE workspace_id = ${workspaceId}::uuid AND email = (SELECT email FROM person WHERE id = ${personId}::uuid)`
  await tx.$executeRaw`UPDATE actor a SET display = ${ERASED_NAME} FROM former_member f
    WHERE f.person_id = ${personId}::uuid AND a.workspace_id = f.workspace_id AND a.id = f.actor_id
      AND (a.workspace_id = ${workspaceId}::uuid OR ${elsewhere === undefined})`
  // A receiver may have answered with what it was told.
  await tx.$executeRaw`UPDATE webhook_delivery d SET answer = NULL FROM former_member f
    WHERE f.person_id = ${personId}::uuid AND d.workspace_id = f.workspace_id AND d.author_id = f.actor_id
      AND (d.workspace_id = ${workspaceId}::uuid OR ${elsewhere === undefined})`
  if (elsewhere !== undefined) {
    await tx.$executeRaw`DELETE FROM former_member
      WHERE workspace_id = ${workspaceId}::uuid AND person_id = ${personId}::uuid`
    return
  }
  await tx.$executeRaw`DELETE FROM person_verification v USING person p WHERE p.id = ${personId}::uuid
    AND (strpos(v.identifier, p.email) > 0 OR strpos(v.identifier || v.value, p.id::text) > 0)`
  // Its passwords, sessions, second factors and former memberships go with it.
  await tx.$executeRaw`DELETE FROM person WHERE id = ${personId}::uuid`
}
