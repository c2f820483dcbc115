import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { assertMatches, patched } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertAllowedUrl, isOtherHost, loggedUrl, noAuthorizationForHost } from '../allowed-url.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { PatchWebhookInput, Webhook } from '../schema.ts'
import { keepAuthorization } from '../sealed-secrets.ts'
import { lockWebhook, readWebhook, type WebhookRow } from '../stored-webhook.ts'

export type PatchWebhookRequest = PatchWebhookInput & { id: string; if_match?: string }

const FIELDS = ['name', 'url', 'events', 'form', 'enabled'] as const

/**
 * Changes a webhook; what is left out stays. Switched on again it counts as if it had never failed.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), unprocessable for an address
 *   that is not called, or of another host without its authorization; forbidden, unavailable
 */
export const patchWebhook = operation('patchWebhook', run)

async function run(actor: Actor, input: PatchWebhookRequest): Promise<Webhook> {
  assertMayUseWebhooks(actor)
  if (input.url !== undefined) assertAllowedUrl(input.url)
  return change(actor, async ({ tx, record }) => {
    const before = await lockWebhook(tx, actor, input.id)
    assertMatches(input.if_match, before, 'webhook')
    const events = input.events && [...new Set(input.events)]
    const after = patched(before, { ...input, events }, FIELDS)
    const changed = FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    await keepOrAskAuthorization(tx, actor, before, input)
    if (changed.length === 0 && input.authorization === undefined) return readWebhook(tx, actor, input.id)
    const { id, name, url, form, enabled } = after
    await tx.$executeRaw`UPDATE webhook SET name = ${name}, url = ${url}, events = ${after.events}::text[],
        form = ${form}, enabled = ${enabled}, revision = revision + 1, updated_at = now(),
        disabled_reason = CASE WHEN ${enabled} THEN NULL ELSE disabled_reason END,
        failing_since = CASE WHEN ${enabled && !before.enabled} THEN NULL ELSE failing_since END
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
    record({
      action: 'webhook.update',
      target: { kind: 'webhook', id, name },
      before: loggedFacts(before, changed),
      after: {
        ...loggedFacts(after, changed),
        ...(input.authorization !== undefined && { has_authorization: input.authorization !== null }),
      },
    })
    return readWebhook(tx, actor, id)
  })
}

/** Who may not see an authorization could have it sent to an address of their own. */
async function keepOrAskAuthorization(
  tx: Tx,
  actor: Actor,
  before: WebhookRow,
  { url, authorization }: PatchWebhookInput,
): Promise<void> {
  if (authorization !== undefined) return keepAuthorization(tx, actor, before.id, authorization)
  if (url === undefined || !isOtherHost(before.url, url)) return
  if ((await readWebhook(tx, actor, before.id)).has_authorization) throw noAuthorizationForHost()
}

function loggedFacts(row: WebhookRow, fields: readonly (typeof FIELDS)[number][]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, field === 'url' ? loggedUrl(row.url) : row[field]]))
}
