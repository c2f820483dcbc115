import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { actorJson, isoTime } from '../db/columns.ts'
import { appError } from '../errors.ts'
import { etagOf } from '../etag.ts'
import type { WebhookForm } from './rules.ts'
import type { Webhook } from './schema.ts'

export interface WebhookRow {
  id: string
  name: string
  url: string
  events: string[]
  form: WebhookForm
  enabled: boolean
  revision: number
}

export type FoundWebhook = Omit<Webhook, 'etag'> & { revision: number }

/** Columns of a webhook as callers see it, of the table as `w`. */
export const WEBHOOK_COLUMNS = `w.id, w.name, w.url, w.events, w.form, w.enabled, w.disabled_reason, w.revision,
  ${isoTime('w.failing_since')} AS failing_since, ${isoTime('w.created_at')} AS created_at,
  ${isoTime('w.updated_at')} AS updated_at,
  EXISTS (SELECT FROM webhook_authorization h WHERE h.workspace_id = w.workspace_id AND h.webhook_id = w.id)
    AS has_authorization,
  (SELECT count(*)::integer FROM webhook_delivery d WHERE d.workspace_id = w.workspace_id AND d.webhook_id = w.id
    AND d.state = 'waiting') AS waiting,
  (SELECT ${isoTime('max(s.ends_at)')} FROM webhook_secret s WHERE s.workspace_id = w.workspace_id
    AND s.webhook_id = w.id AND s.ends_at > now()) AS previous_secret_until,
  ${actorJson('a')} AS created_by`
export const WEBHOOK_JOINS = 'JOIN actor a ON a.workspace_id = w.workspace_id AND a.id = w.created_by'

export function webhookAnswer({ revision, ...webhook }: FoundWebhook): Webhook {
  return { ...webhook, etag: etagOf({ id: webhook.id, revision }) }
}

export function noWebhook() {
  return appError('not_found', 'There is no such webhook.')
}

/** Locks a webhook until the transaction ends. @throws not_found */
export async function lockWebhook(tx: Tx, { workspaceId }: Actor, id: string): Promise<WebhookRow> {
  const [row] = await tx.$queryRaw<WebhookRow[]>`
    SELECT id, name, url, events, form, enabled, revision FROM webhook
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`
  if (row === undefined) throw noWebhook()
  return row
}

/** The webhook as the transaction leaves it. */
export async function readWebhook(tx: Tx, { workspaceId }: Actor, id: string): Promise<Webhook> {
  const [row] = await tx.$queryRawUnsafe<FoundWebhook[]>(
    `SELECT ${WEBHOOK_COLUMNS} FROM webhook w ${WEBHOOK_JOINS} WHERE w.workspace_id = $1::uuid AND w.id = $2::uuid`,
    workspaceId,
    id,
  )
  if (row === undefined) throw noWebhook()
  return webhookAnswer(row)
}
