import { z } from 'zod'
import { onPrimary } from '../../db/read.ts'
import { newId } from '../../id.ts'
import type { OutboxMessage } from '../../outbox/message.ts'
import { getRuntime } from '../../runtime.ts'
import { EVENT_COLUMNS, EVENT_JOINS, eventAnswer, type FoundEvent } from '../stored-event.ts'

const Data = z.object({
  workspace_id: z.uuid(),
  /** The actor of a member. */
  member: z.uuid(),
  items: z.array(z.object({ id: z.uuid(), what: z.enum(['fired', 'resolved']) })),
})
type Data = z.infer<typeof Data>
export type MailItem = Data['items'][number]

export const ALERT_MAIL = 'mail/alert'
/** A target of their own: instances of 0.2.0 take what is for `mail`, and know no mails of alerts. */
export const ALERT_MAILS = 'alert-mail'

/** The message that mails alerts to a member, in the order in which they came. */
export function alertMail(data: Data): OutboxMessage {
  const subject = `alerts ${data.member}`
  return { target: ALERT_MAILS, subject, id: `${ALERT_MAIL} ${newId()}`, name: ALERT_MAIL, data }
}

const READER = `SELECT p.email FROM member m JOIN person p ON p.id = m.person_id
  WHERE m.workspace_id = $1::uuid AND m.actor_id = $2::uuid AND m.deactivated_at IS NULL AND p.deactivated_at IS NULL`
const EVENTS = `SELECT ${EVENT_COLUMNS} FROM alert_event e ${EVENT_JOINS}
  WHERE e.workspace_id = $1::uuid AND e.id = ANY ($2::uuid[])`

/** The mail of a message; undefined when its reader has left, or nothing is left to tell. */
export async function alertMailOf(
  message: unknown,
): Promise<{ to: string; subject: string; text: string } | undefined> {
  const { workspace_id: workspaceId, member, items } = Data.parse(message)
  const { readers, events } = await onPrimary(async ({ pool }) => ({
    readers: (await pool.query<{ email: string }>(READER, [workspaceId, member])).rows,
    events: (await pool.query<FoundEvent>(EVENTS, [workspaceId, items.map(({ id }) => id)])).rows,
  }))
  const byId = new Map(events.map((event) => [event.id, eventAnswer(event)]))
  const told = items.flatMap(({ id, what }) => {
    const event = byId.get(id)
    return event === undefined ? [] : [{ what, event }]
  })
  const [reader] = readers
  const [first] = told
  if (reader === undefined || first === undefined) return undefined
  const subject =
    told.length === 1
      ? `${TITLES[first.what]}: ${first.event.rule.name}`
      : `${told.length} alerts of Incipit, the first: ${first.event.rule.name}`
  const parts = told.map(
    ({ what, event }) => `${TITLES[what]}: ${event.rule.name}
${event.summary}
${when(what, event)}
${getRuntime().config.publicUrl}${event.href}`,
  )
  return { to: reader.email, subject, text: `${parts.join('\n\n')}\n\n${END}\n` }
}

const TITLES = { fired: 'Alert', resolved: 'Resolved' } as const
const END = 'The rule names you. Who looks after alerts changes it under Settings.'

function when(what: MailItem['what'], event: { fired_at: string; resolved_at: string | null }): string {
  const utc = (time: string) => `${time.slice(0, 16).replace('T', ' ')} UTC`
  const fired = `Since ${utc(event.fired_at)}`
  return what === 'resolved' && event.resolved_at !== null
    ? `${fired}, until ${utc(event.resolved_at)}`
    : fired
}
