import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { Webhook } from '../schema.ts'
import {
  type FoundWebhook,
  noWebhook,
  WEBHOOK_COLUMNS,
  WEBHOOK_JOINS,
  webhookAnswer,
} from '../stored-webhook.ts'

const SELECT = `SELECT ${WEBHOOK_COLUMNS} FROM webhook w ${WEBHOOK_JOINS}
  WHERE w.workspace_id = $1::uuid AND w.id = $2::uuid`

/**
 * One webhook, without its secret.
 * @throws not_found, forbidden, unavailable
 */
export const getWebhook = operation('getWebhook', run)

async function run(actor: Actor, { id }: { id: string }): Promise<Webhook> {
  assertMayUseWebhooks(actor)
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FoundWebhook>({ name: 'webhooks.get', text: SELECT, values: [actor.workspaceId, id] }),
  )
  if (rows[0] === undefined) throw noWebhook()
  return webhookAnswer(rows[0])
}
