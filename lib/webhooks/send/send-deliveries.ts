import { z } from 'zod'
import { systemActorIn } from '../../access/identify.ts'
import { change } from '../../db/change.ts'
import { onPrimary } from '../../db/read.ts'
import { isAppError } from '../../errors.ts'
import { countsOf } from '../../metrics.ts'
import type { Later, OutboxMessage } from '../../outbox/message.ts'
import { getRuntime } from '../../runtime.ts'
import type { SecretRow } from '../../secrets/sealed-row.ts'
import type { WebhookForm } from '../rules.ts'
import { AUTHORIZATION, openAuthorization, openSecret } from '../sealed-secrets.ts'
import { signatureHeaders } from '../signature.ts'
import { BODY } from '../stored-delivery.ts'
import { DELIVERIES } from '../webhook-metrics.ts'
import { type Posted, post } from './post.ts'
import { shape } from './shape.ts'
import { switchOff } from './switch-off.ts'

const Data = z.object({ workspace_id: z.uuid(), id: z.uuid() })
const HOUR_MS = 3_600_000

interface DeliveryRow {
  webhook_id: string
  event_id: string
  body: string
  state: string
  tries: number
  next_at: Date | null
  name: string
  url: string
  form: WebhookForm
  enabled: boolean
  secrets: SecretRow[]
  authorization: SecretRow | undefined
}

/**
 * Sends deliveries, all at once.
 * @returns those that failed and are tried again
 * @throws when one could not be worked on; only once all have ended, so that none is sent again while it is under way
 */
export async function sendDeliveries(messages: readonly OutboxMessage[]): Promise<Later[]> {
  const ends = await Promise.allSettled(messages.map(sendOne))
  const failed = ends.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
  return ends.flatMap((end) => (end.status === 'fulfilled' && end.value !== undefined ? [end.value] : []))
}

async function sendOne({ id: messageId, data }: OutboxMessage): Promise<Later | undefined> {
  const { workspace_id: workspaceId, id } = Data.parse(data)
  const delivery = await readDelivery(workspaceId, id)
  // It was deleted with its webhook, or its end was noted before the message could be taken away.
  if (delivery?.state !== 'waiting') return undefined
  // Its last try was noted, and the message came back with others that could not be worked on.
  const early = (delivery.next_at?.getTime() ?? 0) - Date.now()
  if (delivery.enabled && early > 0) return { id: messageId, ms: early }
  const posted = delivery.enabled ? await attempt(workspaceId, delivery) : OFF
  if (posted === undefined) return { id: messageId, ms: getRuntime().config.limits.outbox_retry_ms }
  const ms = await note(workspaceId, id, delivery, posted)
  return ms === undefined ? undefined : { id: messageId, ms }
}

const OFF: Posted & { isFinal: true } = {
  isTaken: false,
  isFinal: true,
  status: null,
  duration_ms: 0,
  answer: null,
  error: 'The webhook is switched off.',
}

async function readDelivery(workspaceId: string, id: string): Promise<DeliveryRow | undefined> {
  return onPrimary(async ({ pool }) => {
    const { rows } = await pool.query<DeliveryRow>({
      name: 'webhooks.delivery',
      text: READ,
      values: [workspaceId, id],
    })
    const [row] = rows
    if (row === undefined) return undefined
    const secrets = await pool.query<SecretRow>({
      name: 'webhooks.secrets',
      text: SECRETS,
      values: [workspaceId, row.webhook_id],
    })
    const [authorization] = (
      await pool.query<SecretRow>({
        name: 'webhooks.authorization',
        text: AUTHORIZATION,
        values: [workspaceId, row.webhook_id],
      })
    ).rows
    return { ...row, secrets: secrets.rows, authorization }
  })
}

const READ = `SELECT d.webhook_id, d.event_id, ${BODY}, d.state, d.tries, d.next_at, w.name, w.url, w.form, w.enabled
  FROM webhook_delivery d JOIN webhook w ON w.workspace_id = d.workspace_id AND w.id = d.webhook_id
  WHERE d.workspace_id = $1::uuid AND d.id = $2::uuid`
/** The one of today first. */
const SECRETS = `SELECT s.id, s.secret, s.key_id, k.wraps FROM webhook_secret s
  LEFT JOIN data_key k ON k.workspace_id = s.workspace_id AND k.id = s.data_key_id
  WHERE s.workspace_id = $1::uuid AND s.webhook_id = $2::uuid AND (s.ends_at IS NULL OR s.ends_at > now())
  ORDER BY s.ends_at DESC NULLS FIRST`

/** @returns undefined: this process ends, and another one tries it */
async function attempt(workspaceId: string, delivery: DeliveryRow): Promise<Posted | undefined> {
  const { event_id: id, url, form, authorization } = delivery
  try {
    const secrets = delivery.secrets.map((row) => openSecret(workspaceId, row))
    const header = authorization && openAuthorization(workspaceId, authorization)
    const { body, headers } = shape(form, delivery.body, header)
    const signed = { id, timestamp: Math.floor(Date.now() / 1000), body }
    return await post(url, body, { ...signatureHeaders(signed, secrets), ...headers })
  } catch (error) {
    if (!isAppError(error)) throw error
    return { isTaken: false, status: null, duration_ms: 0, answer: null, error: error.message }
  }
}

/**
 * Notes how a try went, for the delivery and for its webhook.
 * @returns after how many milliseconds it is tried again; undefined: never
 */
async function note(
  workspaceId: string,
  id: string,
  delivery: DeliveryRow,
  posted: Posted & { isFinal?: true },
): Promise<number | undefined> {
  const { limits } = getRuntime().config
  const { isTaken, isFinal, ...facts } = posted
  const tries = delivery.tries + (isFinal ? 0 : 1)
  const isOver = isFinal === true || tries >= limits.webhook_tries
  const state = isTaken ? 'delivered' : isOver ? 'given_up' : 'waiting'
  const ms = Math.min(limits.webhook_retry_ms * 2 ** (tries - 1), limits.webhook_retry_max_ms)
  const nextAt = state === 'waiting' ? new Date(Date.now() + ms) : null
  const actor = await systemActorIn(workspaceId)
  const failingSince = await change(actor, async ({ tx }) => {
    // The webhook first, as whoever deletes it locks them.
    const [webhook] = await tx.$queryRaw<{ failing_since: Date | null }[]>`UPDATE webhook
      SET failing_since = CASE WHEN ${isTaken} THEN NULL ELSE coalesce(failing_since, now()) END
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${delivery.webhook_id}::uuid AND NOT ${isFinal === true}
      RETURNING failing_since`
    await tx.$executeRaw`UPDATE webhook_delivery SET state = ${state}, tries = ${tries}, status = ${facts.status},
        duration_ms = ${facts.duration_ms}, answer = ${facts.answer}, error = ${facts.error}, tried_at = now(),
        next_at = ${nextAt}::timestamptz
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`
    return webhook?.failing_since ?? null
  })
  countsOf(DELIVERIES).add(isTaken ? 'delivered' : state === 'given_up' ? 'given_up' : 'failed')
  if (failingSince !== null && Date.now() - failingSince.getTime() > limits.webhook_failing_hours * HOUR_MS)
    await switchOff(actor, delivery, facts.error ?? '')
  return state === 'waiting' ? ms : undefined
}
