import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { deliveryMessage, repeatDelivery } from '../deliveries.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { Delivery } from '../schema.ts'
import { readDelivery } from '../stored-delivery.ts'
import { lockWebhook } from '../stored-webhook.ts'

/**
 * Sends a delivery once more: the same body, with names of people as they are now, and the same
 * webhook-id; a new signature. What still waits is sent anyway.
 * @throws not_found, conflict (it still waits, or the webhook is off), forbidden, unavailable
 */
export const redeliver = operation('redeliver', run)

async function run(
  actor: Actor,
  { id: webhookId, delivery }: { id: string; delivery: string },
): Promise<Delivery> {
  assertMayUseWebhooks(actor)
  return change(actor, async ({ tx, record, send }) => {
    const webhook = await lockWebhook(tx, actor, webhookId)
    const before = await readDelivery(tx, actor, webhookId, delivery)
    if (!webhook.enabled)
      throw appError('conflict', 'The webhook is switched off: nothing is sent to it. Switch it on first.')
    if (before.state === 'waiting')
      throw appError('conflict', 'This delivery still waits: it is sent without being asked for.')
    const id = newId()
    await repeatDelivery(tx, actor.workspaceId, { id, of: before.id })
    send(deliveryMessage(actor.workspaceId, { id, webhookId }))
    record({
      action: 'webhook.redeliver',
      target: { kind: 'webhook', id: webhookId, name: webhook.name },
      after: { delivery: id, redelivery_of: before.id, type: before.type },
    })
    return readDelivery(tx, actor, webhookId, id)
  })
}
