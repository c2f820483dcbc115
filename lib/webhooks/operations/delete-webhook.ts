import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { loggedUrl } from '../allowed-url.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import { lockWebhook } from '../stored-webhook.ts'

/**
 * Deletes a webhook with its secret and its deliveries; alert rules no longer name it.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), forbidden, unavailable
 */
export const deleteWebhook = operation('deleteWebhook', run)

async function run(actor: Actor, { id, if_match }: { id: string; if_match?: string }): Promise<void> {
  assertMayUseWebhooks(actor)
  await change(actor, async ({ tx, record }) => {
    const row = await lockWebhook(tx, actor, id)
    assertMatches(if_match, row, 'webhook')
    const { name, url, events, enabled } = row
    await tx.$executeRaw`UPDATE alert_rule SET webhook_ids = array_remove(webhook_ids, ${id}::uuid),
        revision = revision + 1
      WHERE workspace_id = ${actor.workspaceId}::uuid AND ${id}::uuid = ANY (webhook_ids)`
    await tx.$executeRaw`DELETE FROM webhook WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
    record({
      action: 'webhook.delete',
      target: { kind: 'webhook', id, name },
      before: { url: loggedUrl(url), events, enabled },
      after: null,
    })
  })
}
