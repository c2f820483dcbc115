import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { Delivery, DeliveryPage, ListDeliveriesQuery } from '../schema.ts'
import { DELIVERY_COLUMNS } from '../stored-delivery.ts'
import { getWebhook } from './get-webhook.ts'

const Key = z.tuple([CursorTime, z.uuid()])

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
  const limit = pageSize(input.limit)
  const scope = { list: 'deliveries', filters: { id, state } }
  const [time = null, last = null] = decodeCursor(scope, Key, input.cursor) ?? []
  await getWebhook(actor, { id })
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<Delivery>({
      name: 'webhooks.deliveries',
      text: SELECT,
      values: [actor.workspaceId, id, state, time, last, limit + 1],
    }),
  )
  const end = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit),
    next_cursor: end === undefined ? null : encodeCursor(scope, [end.created_at, end.id]),
  }
}
