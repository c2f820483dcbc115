import type { Actor } from '../../access/actor.ts'
import { newestPage } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import type { PageQuery } from '../../page.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { Webhook, WebhookPage } from '../schema.ts'
import { type FoundWebhook, WEBHOOK_COLUMNS, WEBHOOK_JOINS, webhookAnswer } from '../stored-webhook.ts'

const SCOPE = { list: 'webhooks' }
const timeOf = ({ created_at }: Webhook) => created_at

const SELECT = `SELECT ${WEBHOOK_COLUMNS} FROM webhook w ${WEBHOOK_JOINS} WHERE w.workspace_id = $1::uuid
    AND ($2::timestamptz IS NULL OR (w.created_at, w.id) < ($2::timestamptz, $3::uuid))
  ORDER BY w.created_at DESC, w.id DESC LIMIT $4`

/**
 * A page of webhooks, the newest first, without their secrets.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listWebhooks = operation('listWebhooks', run)

async function run(actor: Actor, input: PageQuery): Promise<WebhookPage> {
  assertMayUseWebhooks(actor)
  return newestPage(SCOPE, input, timeOf, async (after, most) => {
    const [time, id] = after ?? []
    const values = [actor.workspaceId, time, id, most]
    const { rows } = await onPrimary(({ pool }) =>
      pool.query<FoundWebhook>({ name: 'webhooks.list', text: SELECT, values }),
    )
    return rows.map(webhookAnswer)
  })
}
