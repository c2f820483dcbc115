import type { Tx } from '../db/client.ts'
import { newId } from '../id.ts'
import type { OutboxMessage } from '../outbox/message.ts'
import type { EventBody } from './event-schema.ts'

/** Something that webhooks are told. */
export interface Told {
  /** What receivers know it by. */
  eventId: string
  body: EventBody
}

interface Receiver {
  id: string
}

/**
 * Writes a delivery for every webhook that is on and wants the event, or is named. One that has it already gets no
 * other.
 * @param named ids of webhooks that are told whatever they want to hear
 * @returns the messages that send them, to be written in the same transaction
 */
export async function writeDeliveries(
  tx: Tx,
  workspaceId: string,
  { eventId, body }: Told,
  named: readonly string[] = [],
): Promise<OutboxMessage[]> {
  const receivers = await tx.$queryRaw<Receiver[]>`
    SELECT id FROM webhook WHERE workspace_id = ${workspaceId}::uuid AND enabled
      AND (${body.type} = ANY (events) OR id = ANY (${[...named]}::uuid[]))
    ORDER BY id`
  const messages: OutboxMessage[] = []
  for (const { id: webhookId } of receivers) {
    const delivery = { id: newId(), webhookId, eventId, type: body.type, body: JSON.stringify(body) }
    if (await writeDelivery(tx, workspaceId, delivery)) messages.push(deliveryMessage(workspaceId, delivery))
  }
  return messages
}

export interface NewDelivery {
  id: string
  webhookId: string
  eventId: string
  type: string
  body: string
  redeliveryOf?: string
}

/** @returns whether it was written: the webhook had no delivery of this event */
export async function writeDelivery(tx: Tx, workspaceId: string, delivery: NewDelivery): Promise<boolean> {
  const { id, webhookId, eventId, type, body, redeliveryOf = null } = delivery
  const count = await tx.$executeRaw`
    INSERT INTO webhook_delivery (id, workspace_id, webhook_id, event_id, type, body, redelivery_of)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${webhookId}::uuid, ${eventId}::uuid, ${type}, ${body},
      ${redeliveryOf}::uuid)
    ON CONFLICT (workspace_id, webhook_id, event_id) WHERE redelivery_of IS NULL DO NOTHING`
  return count === 1
}

/** What sends a delivery: those of one webhook go one after another. */
export function deliveryMessage(
  workspaceId: string,
  { id, webhookId }: Pick<NewDelivery, 'id' | 'webhookId'>,
): OutboxMessage {
  return {
    target: 'webhooks',
    subject: webhookId,
    id: `webhook ${id}`,
    name: 'webhook/deliver',
    data: { workspace_id: workspaceId, id },
  }
}
