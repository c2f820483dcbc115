import type { Actor } from '../../access/actor.ts'
import { newestPage } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { Delivery, DeliveryPage, ListDeliveriesQuery } from '../schema.ts'
import { DELIVERY_COLUMNS } from '../stored-delivery.ts'
import { getWebhook } from './get-webhook.ts'

const timeOf = ({ created_at }: Delivery) => created_at

const SELECT = `SELECT ${DELIVERY_COLUMNS} FROM webhook_delivery d
  WHERE d.workspace_id = $1::uuid AND d.webhook_id = $2::uuid AND ($3::text IS NULL OR d.state = $3)
    AND ($4::timestamptz IS NULL OR (d.created_at, d.id) < ($4::timestamptz, $5::uuid))
  ORDER BY d.created_at DESC, d.id DESC LIMIT $6`

/**
 * A page of what a webhook was sent, the newest first.
 * @throws not_found, forbidden, invalid_input (cursor, limit), unavailable
 */
export const listDeliveries = operation('listDeliveries', run)

async function run(actor: Actor, input: ListDeliveriesQuery & { id: string }): Promise<DeliveryPage> {
  assertMayUseWebhooks(actor)
  const { id, state = null } = input
  const scope = { list: 'deliveries', filters: { id, state } }
  return newestPage(scope, input, timeOf, async (after, most) => {
    const [time, last] = after ?? []
    await getWebhook(actor, { id })
    const values = [actor.workspaceId, id, state, time, last, most]
    const { rows } = await onPrimary(({ pool }) =>
      pool.query<Delivery>({ name: 'webhooks.deliveries', text: SELECT, values }),
    )
    return rows
  })
}
