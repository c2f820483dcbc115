import { z } from 'zod'
import { Author } from '../prompts/schema.ts'

/* What is sent to webhooks. docs/webhooks.md shows the same as JSON Schema. */

const Prompt = z.object({ id: z.uuid(), name: z.string().describe('Its name at that time') })
const OfImport = {
  import: z.object({ id: z.uuid(), origin: z.string().describe('What was brought') }),
  actor: Author.describe('Who did it'),
}
const OfPrompt = { prompt: Prompt, actor: Author.describe('Who did it') }

/** An alert as webhooks are told of it. */
const AlertData = z.object({
  id: z.uuid().describe('Id of what fired, as in GET /api/alerts/events'),
  rule: z.object({ id: z.uuid().nullable(), name: z.string(), kind: z.string() }),
  summary: z.string().describe('One sentence for people'),
  value: z.number().nullable().describe('What was measured, in the unit of the rule'),
  threshold: z.number().nullable(),
  window_start: z.iso.datetime(),
  fired_at: z.iso.datetime(),
  resolved_at: z.iso.datetime().nullable(),
  url: z.string().describe('The page that shows it'),
})

/** The data of each event, by its type. */
export const EVENT_DATA = {
  'alert.fired': AlertData,
  'alert.resolved': AlertData,
  'label.moved': z.object({
    ...OfPrompt,
    label: z.string(),
    protected: z.boolean().describe('Whether only who may release moves it'),
    from_version: z.number().int().nullable().describe('null: no version had it'),
    to_version: z.number().int().nullable().describe('null: it was removed'),
  }),
  'version.created': z.object({ ...OfPrompt, version: z.number().int(), labels: z.array(z.string()) }),
  'prompt.created': z.object({ ...OfPrompt, version: z.number().int(), labels: z.array(z.string()) }),
  'prompt.archived': z.object(OfPrompt),
  'prompt.restored': z.object(OfPrompt),
  'import.finished': z.object({
    ...OfImport,
    counts: z.object({
      create: z.number().int().describe('New prompts'),
      version: z.number().int().describe('New versions of prompts'),
      unchanged: z.number().int(),
      skipped: z.number().int(),
      conflict: z.number().int(),
      refused: z.number().int(),
    }),
  }),
  'import.undone': z.object({
    ...OfImport,
    counts: z.object({
      archived: z.number().int().describe('Prompts that were archived'),
      reverted: z.number().int().describe('Prompts that have again what was there before'),
      labels: z.number().int().describe('Labels that moved back'),
    }),
  }),
  ping: z.object({ webhook: z.object({ id: z.uuid(), name: z.string() }) }),
} as const
export type EventType = keyof typeof EVENT_DATA
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>

/** The body that a webhook is sent. */
export interface EventBody<T extends EventType = EventType> {
  type: T
  timestamp: string
  data: EventData<T>
}
