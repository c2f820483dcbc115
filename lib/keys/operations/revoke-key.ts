import type { Actor } from '../../access/actor.ts'
import { RIGHTS_KIND } from '../../access/current-rights.ts'
import { change } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayChange } from '../policy.ts'
import { lockKey } from '../stored-key.ts'

/**
 * Revokes a key with all its texts: every instance refuses it at once, and its open streams end. One that is
 * revoked already stays so.
 * @throws not_found, forbidden, unavailable
 */
export const revokeKey = operation('revokeKey', run)

async function run(actor: Actor, { id }: { id: string }): Promise<void> {
  assertMayChange(actor)
  await change(actor, async ({ tx, record }) => {
    const { name, prefix } = await lockKey(tx, actor, id)
    const ended = await tx.$executeRaw`DELETE FROM api_key_secret
      WHERE workspace_id = ${actor.workspaceId}::uuid AND key_id = ${id}::uuid`
    if (ended === 0) return
    record({ action: 'key.revoke', target: { kind: RIGHTS_KIND, id, name }, before: { prefix }, after: null })
  })
}
