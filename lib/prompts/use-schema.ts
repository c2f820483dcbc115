import { z } from 'zod'
import { LabelSelector, PromptName, VersionNumber } from './name.ts'

const DURATION_MAX_US = 2 ** 31 - 1

/** One render that a client made by itself, of a version that it had read. */
export const ReportedUse = z.strictObject({
  prompt: PromptName.describe('Name or alias of the prompt'),
  version: VersionNumber.describe('The version that was rendered'),
  label: LabelSelector.optional().describe('The label that it was found by; left out: its number'),
  variables: z
    .array(z.string().max(64))
    .max(1_000)
    .optional()
    .describe('Names of the variables that were given; their values are not told'),
  duration_us: z.int().min(0).max(DURATION_MAX_US).optional().describe('How long it took, in microseconds'),
  outcome: z
    .enum(['ok', 'unprocessable', 'too_large', 'invalid_input'])
    .optional()
    .describe('How it ended: "ok" when left out, or the code of the error'),
  details: z
    .array(
      z.strictObject({
        path: z.array(z.union([z.string().max(100), z.int().min(0)])).max(3),
        code: z.string().max(64),
      }),
    )
    .max(20)
    .optional()
    .describe('Of the error: its details, without their messages'),
})
export type ReportedUse = z.infer<typeof ReportedUse>

export const ReportUsesInput = z.strictObject({
  uses: z.array(ReportedUse).min(1).describe('At most `limits.reported_uses`'),
})
export type ReportUsesInput = z.infer<typeof ReportUsesInput>

export const UseReport = z.object({
  items: z
    .array(
      z.object({
        receipt: z
          .string()
          .nullable()
          .describe('Of the use, for POST /api/outcomes; null: it failed, or was not counted'),
        refused: z
          .literal('not_found')
          .nullable()
          .describe('not_found: the caller can read no such version, so it was not counted; null: it was'),
      }),
    )
    .describe('What became of each, in their order'),
})
export type UseReport = z.infer<typeof UseReport>
