import type { Tx } from '../db/client.ts'
import { newId } from '../id.ts'
import type { OutboxMessage } from '../outbox/message.ts'
import type { EventBody } from './event-schema.ts'

/** Something that webhooks are told. */
export interface Told {
  /** What receivers know it by. */
  eventId: string
  body: EventBody
  /** Whom `AUTHOR_NAME` in the body stands for. */
  authorId?: string | undefined
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
  { eventId, body, authorId }: Told,
  named: readonly string[] = [],
): Promise<OutboxMessage[]> {
  const receivers = await tx.$queryRaw<Receiver[]>`
    SELECT id FROM webhook WHERE workspace_id = ${workspaceId}::uuid AND enabled
      AND (${body.type} = ANY (events) OR id = ANY (${[...named]}::uuid[]))
    ORDER BY id`
  if (receivers.length === 0) return []
  const written = await tx.$queryRaw<{ id: string; webhook_id: string }[]>`
    INSERT INTO webhook_delivery (id, workspace_id, webhook_id, event_id, type, body, author_id)
    SELECT d.id, ${workspaceId}::uuid, d.webhook_id, ${eventId}::uuid, ${body.type}, ${JSON.stringify(body)},
      ${authorId ?? null}::uuid
    FROM unnest(${receivers.map(() => newId())}::uuid[], ${receivers.map(({ id }) => id)}::uuid[]) AS d (id, webhook_id)
    ON CONFLICT (workspace_id, webhook_id, event_id) WHERE redelivery_of IS NULL DO NOTHING
    RETURNING id, webhook_id`
  return written.map(({ id, webhook_id: webhookId }) => deliveryMessage(workspaceId, { id, webhookId }))
}

export interface NewDelivery {
  id: string
  webhookId: string
  eventId: string
  type: string
  body: string
}

/** Writes one delivery that somebody asked for. */
export async function writeDelivery(tx: Tx, workspaceId: string, delivery: NewDelivery): Promise<void> {
  const { id, webhookId, eventId, type, body } = delivery
  await tx.$executeRaw`INSERT INTO webhook_delivery (id, workspace_id, webhook_id, event_id, type, body)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${webhookId}::uuid, ${eventId}::uuid, ${type}, ${body})`
}

/** Writes what a delivery sent once more, as a new one. */
export async function repeatDelivery(
  tx: Tx,
  workspaceId: string,
  { id, of }: { id: string; of: string },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO webhook_delivery (id, workspace_id, webhook_id, event_id, type, body, author_id, redelivery_of)
    SELECT ${id}::uuid, workspace_id, webhook_id, event_id, type, body, author_id, id FROM webhook_delivery
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${of}::uuid`
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
