import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertRoom } from '../../db/changes/room.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertAllowedUrl, loggedUrl } from '../allowed-url.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { CreateWebhookInput, NewWebhook } from '../schema.ts'
import { keepAuthorization, makeSecret } from '../sealed-secrets.ts'
import { readWebhook } from '../stored-webhook.ts'

/**
 * Makes a webhook and answers its secret, this once.
 * @throws forbidden, unprocessable for an address that is not called, too_large at `limits.webhooks`, unavailable
 */
export const createWebhook = operation('createWebhook', run)

async function run(actor: Actor, input: CreateWebhookInput): Promise<NewWebhook> {
  assertMayUseWebhooks(actor)
  assertAllowedUrl(input.url)
  const { name, url, events, form = 'incipit', authorization = null, enabled = true } = input
  return change(actor, async ({ tx, record }) => {
    await assertRoom(
      tx,
      actor.workspaceId,
      'webhooks',
      (most) => `A workspace has at most ${most} webhooks`,
      () => tx.webhook.count({ where: { workspace_id: actor.workspaceId } }),
    )
    const id = newId()
    await tx.$executeRaw`INSERT INTO webhook (id, workspace_id, name, url, events, form, enabled, created_by)
      VALUES (${id}::uuid, ${actor.workspaceId}::uuid, ${name}, ${url}, ${[...new Set(events)]}::text[], ${form}, ${enabled},
        ${actor.id}::uuid)`
    const secret = await makeSecret(tx, actor, id)
    await keepAuthorization(tx, actor, id, authorization)
    record({
      action: 'webhook.create',
      target: { kind: 'webhook', id, name },
      after: { url: loggedUrl(url), events, form, has_authorization: authorization !== null, enabled },
    })
    return { ...(await readWebhook(tx, actor, id)), secret }
  })
}
