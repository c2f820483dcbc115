import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertAllowedUrl, loggedUrl } from '../allowed-url.ts'
import { assertMayUseWebhooks } from '../policy.ts'
import type { PatchWebhookInput, Webhook } from '../schema.ts'
import { lockWebhook, readWebhook, type WebhookRow } from '../stored-webhook.ts'

export type PatchWebhookRequest = PatchWebhookInput & { id: string; if_match?: string }

const FIELDS = ['name', 'url', 'events', 'enabled'] as const

/**
 * Changes a webhook; what is left out stays. Switched on again it counts as if it had never failed.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), unprocessable for an address
 *   that is not called, forbidden, unavailable
 */
export const patchWebhook = operation('patchWebhook', run)

async function run(actor: Actor, input: PatchWebhookRequest): Promise<Webhook> {
  assertMayUseWebhooks(actor)
  if (input.url !== undefined) assertAllowedUrl(input.url)
  return change(actor, async ({ tx, record }) => {
    const before = await lockWebhook(tx, actor, input.id)
    assertMatches(input.if_match, before, 'webhook')
    const after = merged(before, input)
    const changed = FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    if (changed.length === 0) return readWebhook(tx, actor, input.id)
    const { id, name, url, events, enabled } = after
    await tx.$executeRaw`UPDATE webhook SET name = ${name}, url = ${url}, events = ${events}::text[],
        enabled = ${enabled}, revision = revision + 1, updated_at = now(),
        disabled_reason = CASE WHEN ${enabled} THEN NULL ELSE disabled_reason END,
        failing_since = CASE WHEN ${enabled && !before.enabled} THEN NULL ELSE failing_since END
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
    record({
      action: 'webhook.update',
      target: { kind: 'webhook', id, name },
      before: loggedFacts(before, changed),
      after: loggedFacts(after, changed),
    })
    return readWebhook(tx, actor, id)
  })
}

function merged(before: WebhookRow, { name, url, events, enabled }: PatchWebhookInput): WebhookRow {
  return {
    ...before,
    name: name ?? before.name,
    url: url ?? before.url,
    events: events === undefined ? before.events : [...new Set(events)],
    enabled: enabled ?? before.enabled,
  }
}

function loggedFacts(row: WebhookRow, fields: readonly (typeof FIELDS)[number][]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, field === 'url' ? loggedUrl(row.url) : row[field]]))
}
