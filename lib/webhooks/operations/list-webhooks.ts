import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import type { PageQuery } from '../../page.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { WebhookPage } from '../schema.ts'
import { type FoundWebhook, WEBHOOK_COLUMNS, WEBHOOK_JOINS, webhookAnswer } from '../stored-webhook.ts'

const Key = z.tuple([CursorTime, z.uuid()])
const SCOPE = { list: 'webhooks' }

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
  const limit = pageSize(input.limit)
  const [time = null, id = null] = decodeCursor(SCOPE, Key, input.cursor) ?? []
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FoundWebhook>({
      name: 'webhooks.list',
      text: SELECT,
      values: [actor.workspaceId, time, id, limit + 1],
    }),
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit).map(webhookAnswer),
    next_cursor: last === undefined ? null : encodeCursor(SCOPE, [last.created_at, last.id]),
  }
}
