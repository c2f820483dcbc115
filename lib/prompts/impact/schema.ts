import { z } from 'zod'
import { LabelSelector, VersionNumber } from '../name.ts'
import { Author, Prompt } from '../schema.ts'
import { VariablesInput } from '../variables/variables.ts'

/** What callers of a version have to change for another one. */
export const CONTRACT_CHANGES = ['added_required', 'required', 'narrowed', 'removed'] as const

const Side = z.union([VersionNumber, LabelSelector])

export const ImpactQuery = z.strictObject({
  from: Side.optional().describe(
    'What callers use: a label, which means everybody who asked for it, or the number of a version. Default: `production`',
  ),
  to: Side.optional().describe(
    'What they would get: number of a version, or a label. Default: the newest version',
  ),
})
export type ImpactQuery = z.infer<typeof ImpactQuery>

export const DraftImpactInput = z.strictObject({
  from: Side.optional().describe(
    'What callers use: a label, which means everybody who asked for it, or the number of a version. Default: `production`',
  ),
  variables: VariablesInput.describe(
    'What the version that is not saved yet takes: full declarations, or bare names for required strings. A placeholder of a chat is a variable of the type `messages`',
  ),
})
export type DraftImpactInput = z.infer<typeof DraftImpactInput>

/** Which version, or whose uses, a side means. */
export function sideOf(side: z.infer<typeof Side>): { version: number } | { label: string } {
  return typeof side === 'number' ? { version: side } : { label: side }
}

/** What the other version would refuse of what callers do. */
export const BreakingChange = z.object({
  variable: z.string(),
  change: z
    .enum(CONTRACT_CHANGES)
    .describe(
      'added_required: it is new and must be given; required: it was optional; narrowed: it takes fewer values, so a value that was taken may be refused; removed: a value for it is refused',
    ),
  message: z.string(),
  callers: z
    .array(z.string())
    .describe(
      'Who would be refused, most uses first, at most twenty; empty for a caller without usage:read, and where nobody does what is refused',
    ),
})
export type BreakingChange = z.infer<typeof BreakingChange>

/** The same of one of several labels that move at once. */
export const BrokenLabel = BreakingChange.extend({ label: z.string() })
export type BrokenLabel = z.infer<typeof BrokenLabel>

/** A version that was made, with what the labels broke that moved to it. */
export const SavedVersion = Prompt.extend({
  breaking: z
    .array(BrokenLabel)
    .optional()
    .describe('With `labels` that moved: what the new version refuses of what their callers do'),
})
export type SavedVersion = z.infer<typeof SavedVersion>

/** One client of one person, key or OAuth client. */
export const Caller = z.object({
  name: z.string().describe('Client and who it acts for, in words'),
  client: z.string().nullable().describe('Name that the client gave itself; null: none'),
  actor: Author,
  surface: z.string(),
  uses: z.number().int(),
  failed: z.number().int(),
  last_used_at: z.iso.datetime(),
  variables: z
    .array(z.string())
    .describe('Variables that it gave in any of its renders; their values are not kept'),
  breaks: z.array(z.string()).describe('Variables for which the other version would, or may, refuse it'),
})
export type Caller = z.infer<typeof Caller>

/** What happens to callers of one version when they get another. */
export const Impact = z.object({
  name: z.string(),
  from: z.number().int().describe('Number of the version that they use'),
  to: z.number().int().describe('Number of the version that they would get'),
  since: z.iso.datetime().describe('Uses are counted from here on: whole days, `limits.impact_days` of them'),
  uses: z.number().int(),
  breaking: z.array(BreakingChange).describe('Empty: the other version takes all that this one takes'),
  callers: z.array(Caller).describe('Those who break first, then most uses first; at most 200'),
  callers_left_out: z.number().int(),
  included_by: z
    .array(z.object({ name: z.string(), version: z.number().int(), labels: z.array(z.string()) }))
    .describe(
      'Versions of other prompts whose text includes the version in use; they keep it until they are saved anew. At most 50',
    ),
})
export type Impact = z.infer<typeof Impact>

/** The same for what is not saved yet, which has no number. */
export const DraftImpact = Impact.omit({ to: true })
export type DraftImpact = z.infer<typeof DraftImpact>
