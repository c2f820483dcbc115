import { z } from 'zod'

/** A list that agents see, as one subscriber sees it: the prompts of a label in a category, say. */
export const ListScope = z.object({
  list: z.enum(['prompts', 'tools', 'resources']),
  label: z.string().nullable().describe('null: every label'),
  category: z.string().nullable().describe('null: no category'),
})
export type ListScope = z.infer<typeof ListScope>

/** One changed thing. Caches drop what they hold of it. */
export const ChangedTarget = z.object({
  kind: z.string(),
  id: z.string(),
  name: z.string(),
  action: z.string(),
})
export type ChangedTarget = z.infer<typeof ChangedTarget>

/** The notice of a committed change to every instance: its targets, and the lists that look different now. */
export const ChangeNotice = z.object({
  workspace_id: z.string(),
  revision: z.number(),
  targets: z.array(ChangedTarget),
  lists: z.array(ListScope),
  knows_skills: z
    .literal(true)
    .optional()
    .describe('Its lists tell of skills as well; versions up to 0.2.0, and the audit log, do not say so'),
})
export type ChangeNotice = z.infer<typeof ChangeNotice>

/** The channel of LISTEN and NOTIFY. */
export const CHANNEL = 'incipit_changes'

/** PostgreSQL refuses a payload of 8,000 bytes or more; a larger notice is read from the audit log. */
const PAYLOAD_MAX = 7900

/** The notice as a NOTIFY payload; too large a one carries the revision alone (null targets). */
export function encodeNotice(notice: ChangeNotice): string {
  const whole = JSON.stringify(notice)
  if (Buffer.byteLength(whole) < PAYLOAD_MAX) return whole
  return JSON.stringify({ workspace_id: notice.workspace_id, revision: notice.revision })
}

/** Something is new that no revision counts: its readers read it again. */
const News = z.object({ workspace_id: z.string(), topic: z.string() })
export type News = z.infer<typeof News>

/** News as a NOTIFY payload. */
export function encodeNews(news: News): string {
  return JSON.stringify(news)
}

const Notice = ChangeNotice.partial({ targets: true, lists: true })
type NoticePayload = z.infer<typeof Notice>
const Payload = z.union([Notice, News])

/** Reads a payload; undefined when it is not one of ours. */
export function decodePayload(payload: string | undefined): NoticePayload | News | undefined {
  if (payload === undefined) return undefined
  try {
    return Payload.parse(JSON.parse(payload))
  } catch {
    return undefined
  }
}

/** Whether the payload is complete, so that the audit log need not be read. */
export function isWhole(payload: NoticePayload): payload is ChangeNotice {
  return payload.targets !== undefined && payload.lists !== undefined
}
