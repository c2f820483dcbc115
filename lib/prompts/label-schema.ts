import { z } from 'zod'
import { Moment } from '../time.ts'
import { BreakingChange } from './impact/schema.ts'
import { LabelName, VersionNumber } from './name.ts'
import { Author, LabelState, PromptPath } from './schema.ts'

export const LabelPath = PromptPath.extend({ label: LabelName })

export const ListLabelsQuery = z.strictObject({
  at: Moment.optional().describe('The labels as they were at this moment of the past'),
})
export type ListLabelsQuery = z.infer<typeof ListLabelsQuery>

export const SetLabelInput = z.strictObject({
  version: VersionNumber.describe('The version that the label shall name'),
  accept_breaking: z
    .boolean()
    .optional()
    .describe('Move it although callers would be refused, where the label’s rule has `contract: "required"`'),
})

/** A label that was set, moved or removed; append-only. */
export const LabelEvent = z.object({
  id: z.string(),
  label: z.string(),
  from_version: z.number().int().nullable().describe('null: the label was new'),
  to_version: z.number().int().nullable().describe('null: the label was removed'),
  author: Author,
  occurred_at: z.iso.datetime(),
})
export type LabelEvent = z.infer<typeof LabelEvent>

export const LabelList = z.object({
  items: z.array(LabelState),
  next_cursor: z.null().describe('All labels of a prompt fit on one page'),
  events: z.array(LabelEvent).describe('The last fifty moves, newest first'),
  etag: z.string(),
})
export type LabelList = z.infer<typeof LabelList>

/** Answer to a label that was set. */
export const LabelChange = LabelState.extend({
  name: z.string().describe('Current name of the prompt'),
  previous_version: z.number().int().nullable().describe('What the label named before; null: it is new'),
  breaking: z
    .array(BreakingChange)
    .describe('What the version refuses of what the one before took, and whom that meets'),
  etag: z.string(),
})
export type LabelChange = z.infer<typeof LabelChange>
