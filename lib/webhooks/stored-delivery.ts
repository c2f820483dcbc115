import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { isoTime } from '../db/columns.ts'
import { appError } from '../errors.ts'
import type { Delivery } from './schema.ts'

/**
 * Stands in a stored body for the name of its author; it is no character. JSON has it as it is: what people write of
 * backslashes, and JSON doubles, is never taken for it.
 */
export const AUTHOR_NAME = '\uFFFF'

/** The body of the delivery `d`, with what its author is called today. */
export const BODY = `CASE WHEN d.author_id IS NULL THEN d.body ELSE replace(d.body, '${AUTHOR_NAME}', coalesce((
    SELECT regexp_replace(to_json(who.display)::text, '^"|"$', '', 'g') FROM actor who
    WHERE who.workspace_id = d.workspace_id AND who.id = d.author_id), '')) END AS body`

/** Columns of a delivery as callers see it, of the table as `d`. */
export const DELIVERY_COLUMNS = `d.id, d.event_id, d.type, ${BODY}, d.state, d.tries, d.status, d.duration_ms, d.answer,
  d.error, ${isoTime('d.tried_at')} AS tried_at, ${isoTime('d.next_at')} AS next_at, d.redelivery_of,
  ${isoTime('d.created_at')} AS created_at`

const ONE = `SELECT ${DELIVERY_COLUMNS} FROM webhook_delivery d
  WHERE d.workspace_id = $1::uuid AND d.webhook_id = $2::uuid AND d.id = $3::uuid`

/** A delivery as the transaction sees it. @throws not_found */
export async function readDelivery(
  tx: Tx,
  { workspaceId }: Actor,
  webhookId: string,
  id: string,
): Promise<Delivery> {
  const [row] = await tx.$queryRawUnsafe<Delivery[]>(ONE, workspaceId, webhookId, id)
  if (row === undefined) throw appError('not_found', 'There is no such delivery.')
  return row
}
