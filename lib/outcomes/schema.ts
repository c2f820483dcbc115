import { z } from 'zod'
import { FileQuery, PageQuery, pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { LabelSelector, PromptName, VersionNumber } from '../prompts/name.ts'
import { Author, PromptPath } from '../prompts/schema.ts'
import { Moment } from '../time.ts'
import { TOO_FEW } from './rules.ts'

const Result = z.enum(['success', 'failure'])

export const ReportOutcomeInput = z.strictObject({
  receipt: z.string().min(1).max(400).describe('As it came with the render or the generation'),
  outcome: Result.describe('Whether the text did what it was for'),
  score: z.number().min(0).max(1).optional().describe('How good it was, from 0 to 1, for example 0.8'),
  note: storedText(100_000).optional().describe('Why, in words'),
  metadata: z.record(z.string(), z.unknown()).optional().describe('Facts of your own, as JSON'),
})
export type ReportOutcomeInput = z.infer<typeof ReportOutcomeInput>

/** What is told to whoever reports: nothing of the prompt, which may be hidden from them. */
export const OutcomeReport = z.object({
  id: z.string(),
  change: z
    .enum(['new', 'unchanged', 'replaced'])
    .describe('unchanged: the same was told before; replaced: another one was, and stays on record'),
  outcome: Result,
  score: z.number().nullable(),
  note: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  reported_at: z.iso.datetime(),
})
export type OutcomeReport = z.infer<typeof OutcomeReport>

export const OutcomePath = z.strictObject({ id: z.uuid().describe('Id of the outcome') })

export const OutcomesQuery = z.strictObject({
  prompt: PromptName.optional().describe('Name or alias of a prompt'),
  version: VersionNumber.optional().describe('Only of this version; needs `prompt`'),
  label: LabelSelector.optional().describe('Only of what was asked for by this label'),
  client: z.string().max(80).optional().describe('Only reported by this client; empty: those without a name'),
  outcome: Result.optional(),
  generation: z.uuid().optional().describe('Only of this generation'),
  from: Moment.optional().describe('Reported at this time or later'),
  to: Moment.optional().describe('Reported before this time'),
  replaced: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: also what another one took the place of, or what was withdrawn'),
  ...FileQuery,
  ...PageQuery.shape,
})
export type OutcomesQuery = z.infer<typeof OutcomesQuery>

export const Outcome = OutcomeReport.omit({ change: true }).extend({
  prompt: z.string().describe('Its present name'),
  version: z.number().int(),
  label: z.string().nullable().describe('The label that chose the version; null: its number did'),
  operation: z
    .enum(['get', 'render', 'tool', 'generation', 'draft'])
    .describe('What was done with it; draft: an edited text was run, which counts for no version'),
  generation: z.string().nullable().describe('Id of the generation'),
  used_at: z.iso.datetime(),
  reporter: Author,
  is_own: z.boolean().describe('Whether whoever asks reported it'),
  surface: z.enum(['mcp', 'rest', 'browser']),
  client: z.string().nullable(),
  replaced_at: z.iso.datetime().nullable(),
})
export type Outcome = z.infer<typeof Outcome>
export const OutcomePage = pageOf(Outcome)
export type OutcomePage = z.infer<typeof OutcomePage>

// ── Quality by version ─────────────────────────────────────────────────────────────────────────

export const QualityPath = PromptPath

export const QualityQuery = z.strictObject({
  from: Moment.optional().describe('Reported from this day on (UTC). Default: 90 days before `to`'),
  to: Moment.optional().describe('Reported up to this day (UTC), which counts whole. Default: today'),
  label: LabelSelector.optional().describe('Only of what was asked for by this label'),
  client: z.string().max(80).optional().describe('Only reported by this client; empty: those without a name'),
})
export type QualityQuery = z.infer<typeof QualityQuery>

const Estimate = z.object({
  value: z.number(),
  low: z.number().describe('Lower end of the 95 % interval'),
  high: z.number().describe('Upper end of the 95 % interval'),
})
export type Estimate = z.infer<typeof Estimate>

export const VersionQuality = z.object({
  version: z.number().int(),
  reported: z.number().int(),
  successes: z.number().int(),
  failures: z.number().int(),
  success_rate: Estimate.describe('0 to 1; the interval is Wilson’s'),
  scored: z.number().int().describe('How many of them have a score'),
  score: Estimate.nullable().describe('Mean, with the interval of Student; null below two scores'),
  too_few: z.boolean().describe(`Fewer than ${TOO_FEW} reports: the figures say little`),
  difference: Estimate.extend({ to: z.number().int().describe('The version before it that has reports') })
    .nullable()
    .describe(
      'Of the success rates, −1 to 1; the interval is Newcombe’s: where it holds 0, they may be alike',
    ),
})
export type VersionQuality = z.infer<typeof VersionQuality>

export const Quality = z.object({
  prompt: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  versions: z.array(VersionQuality).describe('Those with reports, the newest first'),
  labels: z.array(z.string()).describe('Labels of these reports, whatever `label` says'),
  clients: z
    .array(z.string())
    .describe('Clients of these reports, whatever `client` says; "": without a name'),
})
export type Quality = z.infer<typeof Quality>
