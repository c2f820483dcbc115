import { z } from 'zod'
import { systemActorIn } from '../../access/identify.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { newsPublisher } from '../../db/changes/news.ts'
import type { Tx } from '../../db/client.ts'
import { newId } from '../../id.ts'
import type { OutboxMessage } from '../../outbox/message.ts'
import { writeDeliveries } from '../../webhooks/deliveries.ts'
import { EVENT_DATA, type EventBody, type EventType } from '../../webhooks/event-schema.ts'
import type { EventDetail } from '../event-text.ts'
import { tellAlerts } from './tell-alerts.ts'

const Heard = z.looseObject({
  workspace_id: z.uuid(),
  id: z.uuid(),
  actor_id: z.uuid(),
  occurred_at: z.iso.datetime(),
  prompt: z.object({ id: z.uuid(), name: z.string() }).optional(),
})
type Heard = z.infer<typeof Heard>

/** Hears of changes: fires the rules that watch labels, and tells webhooks. Heard twice, a change counts once. */
export async function hearEvents(messages: readonly OutboxMessage[]): Promise<void> {
  const fired = new Set<string>()
  for (const { name, data } of messages) {
    const heard = Heard.parse(data)
    if (await hear(name as EventType, heard)) fired.add(heard.workspace_id)
  }
  for (const workspaceId of fired) {
    newsPublisher().publish(workspaceId, 'alerts')
    await tellAlerts(workspaceId)
  }
}

/** @returns whether a rule fired */
async function hear(type: EventType, heard: Heard): Promise<boolean> {
  const actor = await systemActorIn(heard.workspace_id)
  return change(actor, async (context) => {
    const { workspace_id: workspaceId, id: eventId, occurred_at: timestamp } = heard
    const author = await readAuthor(context.tx, heard)
    const data: unknown = EVENT_DATA[type].parse({ ...heard, actor: author })
    const body = { type, timestamp, data } as EventBody
    sendAll(context, await writeDeliveries(context.tx, workspaceId, { eventId, body }))
    return type === 'label.moved' && (await fire(context.tx, heard)) > 0
  })
}

function sendAll({ send }: ChangeContext, messages: readonly OutboxMessage[]): void {
  for (const message of messages) send(message)
}

async function readAuthor(tx: Tx, { workspace_id, actor_id }: Heard) {
  const [row] = await tx.$queryRaw<{ id: string; kind: string; display: string }[]>`
    SELECT id, kind, display FROM actor WHERE workspace_id = ${workspace_id}::uuid AND id = ${actor_id}::uuid`
  return row ?? { id: actor_id, kind: 'person', display: '' }
}

/** A rule that watches a label. */
interface Watcher {
  id: string
  name: string
}

/** What moved is over at once: it has nothing to resolve. @returns how many rules fired */
async function fire(tx: Tx, heard: Heard): Promise<number> {
  const { workspace_id: workspaceId, id, actor_id, occurred_at } = heard
  const {
    prompt,
    label,
    protected: isProtected,
    from_version,
    to_version,
  } = EVENT_DATA['label.moved'].omit({ actor: true }).parse(heard)
  const rules = await tx.$queryRaw<Watcher[]>`
    SELECT r.id, r.name FROM alert_rule r WHERE r.workspace_id = ${workspaceId}::uuid AND r.enabled
      AND r.kind = 'label_moved' AND r.created_at <= ${occurred_at}::timestamptz
      AND CASE WHEN r.settings ->> 'label' IS NULL THEN ${isProtected} ELSE r.settings ->> 'label' = ${label} END
      AND coalesce((r.settings ->> 'prompt_id')::uuid = ${prompt.id}::uuid, true)
      AND (r.settings ->> 'category_id' IS NULL OR EXISTS (SELECT FROM prompt_template p
        WHERE p.workspace_id = r.workspace_id AND p.id = ${prompt.id}::uuid
          AND p.category_id = (r.settings ->> 'category_id')::uuid))`
  const detail: EventDetail = { prompt: prompt.name, label, from_version, to_version, actor_id }
  let count = 0
  for (const rule of rules)
    count +=
      await tx.$executeRaw`INSERT INTO alert_event (id, workspace_id, rule_id, rule_name, kind, window_start,
        subject, fired_at, resolved_at, detail, told_resolved)
      VALUES (${newId()}::uuid, ${workspaceId}::uuid, ${rule.id}::uuid, ${rule.name}, 'label_moved',
        ${occurred_at}::timestamptz, ${id}, ${occurred_at}::timestamptz, ${occurred_at}::timestamptz,
        ${JSON.stringify(detail)}::json, true)
      ON CONFLICT (workspace_id, rule_id, window_start, subject) DO NOTHING`
  if (count > 0)
    await tx.$executeRaw`UPDATE alert_rule SET last_fired_at = greatest(last_fired_at, ${occurred_at}::timestamptz)
      WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${rules.map((rule) => rule.id)}::uuid[])`
  return count
}
