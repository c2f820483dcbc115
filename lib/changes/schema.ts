import { z } from 'zod'
import { WrittenNumber } from '../numbers/schema.ts'
import { Author } from '../prompts/schema.ts'

export const ChangesQuery = z.strictObject({
  after: WrittenNumber(z.int().min(0))
    .optional()
    .describe(
      'Also what changed after this revision. Last-Event-ID, which a browser sends when it reconnects, goes before it',
    ),
})
export type ChangesQuery = z.infer<typeof ChangesQuery>

/** One thing that a change touched. */
const ChangedThing = z.object({
  action: z.string().describe('What was done, as in the audit log: "version.create", "label.set" …'),
  kind: z
    .string()
    .describe('"prompt" (also for its versions, labels and examples), "category" or "configuration" (AI)'),
  id: z.string(),
  name: z.string().describe('Its name (slug of a category) at that time'),
  version: z.number().int().nullable().describe('Number of the version, when one was made or a label moved'),
  label: z.string().nullable().describe('The label that moved'),
  labels: z.array(z.string()).describe('Labels that a new version took along'),
})
type ChangedThing = z.infer<typeof ChangedThing>

/** Data of an event `change`: one committed change. Its event id is the revision. */
export const ChangeEvent = z.object({
  revision: z.number().int(),
  occurred_at: z.iso.datetime(),
  actor: Author,
  request_id: z.string().nullable().describe('X-Request-Id of the request that made it'),
  changes: z.array(ChangedThing).describe('What it touched; the first 200'),
  total: z.number().int().describe('How much it touched; more than `changes` after a large bulk change'),
})
export type ChangeEvent = z.infer<typeof ChangeEvent>
