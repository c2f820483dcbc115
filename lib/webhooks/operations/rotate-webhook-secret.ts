import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import { SECRET_OVERLAP_HOURS } from '../rules.ts'
import type { NewWebhook, RotateSecretInput } from '../schema.ts'
import { makeSecret } from '../sealed-secrets.ts'
import { lockWebhook, readWebhook } from '../stored-webhook.ts'

const HOUR_MS = 3_600_000

/**
 * Gives a webhook a new secret, which is answered this once. The one before signs as well for the overlap.
 * @throws not_found, forbidden, unavailable
 */
export const rotateWebhookSecret = operation('rotateWebhookSecret', run)

async function run(actor: Actor, input: RotateSecretInput & { id: string }): Promise<NewWebhook> {
  assertMayUseWebhooks(actor)
  const { id, overlap_hours: hours = SECRET_OVERLAP_HOURS.usual } = input
  const end = new Date(Date.now() + hours * HOUR_MS)
  return change(actor, async ({ tx, record }) => {
    const { name } = await lockWebhook(tx, actor, id)
    await tx.$executeRaw`UPDATE webhook_secret SET ends_at = least(ends_at, ${end}::timestamptz)
      WHERE workspace_id = ${actor.workspaceId}::uuid AND webhook_id = ${id}::uuid`
    await tx.$executeRaw`DELETE FROM webhook_secret
      WHERE workspace_id = ${actor.workspaceId}::uuid AND webhook_id = ${id}::uuid AND ends_at <= ${new Date()}::timestamptz`
    const secret = await makeSecret(tx, actor, id)
    const after = await readWebhook(tx, actor, id)
    record({
      action: 'webhook.rotate',
      target: { kind: 'webhook', id, name },
      after: { previous_secret_until: after.previous_secret_until },
    })
    return { ...after, secret }
  })
}
