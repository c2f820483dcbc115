import type { Actor } from '../../access/actor.ts'
import { systemActorIn } from '../../access/identify.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { newId } from '../../id.ts'
import { mailsAreSent } from '../../people/mail/mail-target.ts'
import { getRuntime } from '../../runtime.ts'
import { writeDeliveries } from '../../webhooks/deliveries.ts'
import type { EventBody } from '../../webhooks/event-schema.ts'
import { AUTHOR_NAME } from '../../webhooks/stored-delivery.ts'
import { EVENT_COLUMNS, EVENT_JOINS, eventAnswer, type FoundEvent } from '../stored-event.ts'
import { alertMail, type MailItem } from './alert-mail.ts'

/** Events of one transaction. */
const AT_ONCE = 100

interface Untold extends FoundEvent {
  told_fired: boolean
  told_resolved: boolean
  webhook_ids: string[]
  member_ids: string[]
  is_silent: boolean
}

/** It began and ended while its rule was muted: nobody is told of it. */
const SILENT = '(NOT e.told_fired AND coalesce(r.muted_until >= e.resolved_at, false))'

/**
 * What webhooks and members are to be told, of the tables `e` and `r`. While a rule is muted that waits: what still
 * fires afterwards is told then, and whoever was told that it fired is told that it is over.
 */
const TO_BE_TOLD = `(NOT e.told_fired OR (e.resolved_at IS NOT NULL AND NOT e.told_resolved))
  AND (r.muted_until IS NULL OR r.muted_until <= now() OR ${SILENT})`
const RULE = 'LEFT JOIN alert_rule r ON r.workspace_id = e.workspace_id AND r.id = e.rule_id'

const UNTOLD = `SELECT ${EVENT_COLUMNS}, e.told_fired, e.told_resolved,
    coalesce(r.webhook_ids, '{}') AS webhook_ids, coalesce(r.member_ids, '{}') AS member_ids,
    ${SILENT} AS is_silent
  FROM alert_event e ${EVENT_JOINS}
  ${RULE}
  WHERE e.workspace_id = $1::uuid AND ${TO_BE_TOLD}
  ORDER BY e.fired_at, e.id LIMIT ${AT_ONCE} FOR NO KEY UPDATE OF e SKIP LOCKED`

const WORKSPACES = `SELECT DISTINCT e.workspace_id FROM alert_event e ${RULE} WHERE ${TO_BE_TOLD}`

/** Tells of what fired in any workspace, also what an earlier round, or another process, has left untold. */
export async function tellAllAlerts(): Promise<void> {
  const { rows } = await onPrimary(({ pool }) => pool.query<{ workspace_id: string }>(WORKSPACES))
  for (const { workspace_id } of rows) await tellAlerts(workspace_id)
}

/**
 * Tells webhooks and members of what fired and was not told yet. The messages and the note that it was told are one
 * transaction: nothing is told twice or forgotten.
 */
export async function tellAlerts(workspaceId: string): Promise<void> {
  const actor = await systemActorIn(workspaceId)
  let count: number
  do {
    count = await change(actor, (context) => tellSome(context, actor))
  } while (count === AT_ONCE)
}

async function tellSome(context: ChangeContext, actor: Actor): Promise<number> {
  const { tx } = context
  const events = await tx.$queryRawUnsafe<Untold[]>(UNTOLD, actor.workspaceId)
  const mails = new Map<string, MailItem[]>()
  for (const event of events) {
    if (event.is_silent) continue
    for (const what of whatIsNew(event)) {
      await tellWebhooks(context, actor, event, what)
      for (const member of event.member_ids)
        mails.set(member, [...(mails.get(member) ?? []), { id: event.id, what }])
    }
  }
  tellMembers(context, actor, mails)
  await markTold(
    tx,
    actor,
    events.map(({ id }) => id),
  )
  return events.length
}

type What = MailItem['what']

function whatIsNew({ told_fired, told_resolved, resolved_at }: Untold): What[] {
  const fired: What[] = told_fired ? [] : ['fired']
  return resolved_at === null || told_resolved ? fired : [...fired, 'resolved']
}

async function tellWebhooks(
  { tx, send }: ChangeContext,
  actor: Actor,
  event: Untold,
  what: What,
): Promise<void> {
  const { actor_id: authorId } = event.detail
  const detail = { ...event.detail, ...(authorId !== undefined && { actor: AUTHOR_NAME }) }
  const { rule, summary, href, kind, ...facts } = eventAnswer({ ...event, detail })
  const { id, value, threshold, window_start, fired_at } = facts
  const body: EventBody<'alert.fired' | 'alert.resolved'> = {
    type: `alert.${what}`,
    timestamp: new Date().toISOString(),
    data: {
      id,
      rule: { ...rule, kind },
      summary,
      value,
      threshold,
      window_start,
      fired_at,
      resolved_at: what === 'resolved' || kind === 'label_moved' ? facts.resolved_at : null,
      url: `${getRuntime().config.publicUrl}${href}`,
    },
  }
  const told = { eventId: newId(), body, authorId }
  for (const message of await writeDeliveries(tx, actor.workspaceId, told, event.webhook_ids)) send(message)
}

/** Each alert is a mail of its own, unless there are many at the same moment. */
function tellMembers({ send }: ChangeContext, { workspaceId }: Actor, mails: Map<string, MailItem[]>): void {
  if (!mailsAreSent()) return
  const most = getRuntime().config.limits.alert_mails
  for (const [member, items] of mails) {
    const parts = items.length > most ? [items] : items.map((item) => [item])
    for (const part of parts) send(alertMail({ workspace_id: workspaceId, member, items: part }))
  }
}

async function markTold(tx: Tx, { workspaceId }: Actor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.$executeRaw`UPDATE alert_event SET told_fired = true, told_resolved = resolved_at IS NOT NULL
    WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${[...ids]}::uuid[])`
}
