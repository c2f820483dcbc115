import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { deliveryMessage, writeDelivery } from '../deliveries.ts'
import type { EventBody } from '../event-schema.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import { PING } from '../rules.ts'
import type { Delivery } from '../schema.ts'
import { readDelivery } from '../stored-delivery.ts'
import { lockWebhook } from '../stored-webhook.ts'

/**
 * Sends a `ping` to a webhook; how it went stands in its deliveries.
 * @throws not_found, conflict when it is off, forbidden, unavailable
 */
export const testWebhook = operation('testWebhook', run)

async function run(actor: Actor, { id: webhookId }: { id: string }): Promise<Delivery> {
  assertMayUseWebhooks(actor)
  return change(actor, async ({ tx, record, send }) => {
    const { name, enabled } = await lockWebhook(tx, actor, webhookId)
    if (!enabled) throw appError('conflict', 'The webhook is switched off. Switch it on first.')
    const body: EventBody<'ping'> = {
      type: PING,
      timestamp: new Date().toISOString(),
      data: { webhook: { id: webhookId, name } },
    }
    const ping = { id: newId(), webhookId, eventId: newId(), type: PING, body: JSON.stringify(body) }
    await writeDelivery(tx, actor.workspaceId, ping)
    send(deliveryMessage(actor.workspaceId, ping))
    record({ action: 'webhook.test', target: { kind: 'webhook', id: webhookId, name } })
    return readDelivery(tx, actor, webhookId, ping.id)
  })
}
