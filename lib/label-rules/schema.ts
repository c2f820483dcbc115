import { z } from 'zod'
import { pageOf } from '../page.ts'
import { LabelName } from '../prompts/name.ts'

export const LabelRulePath = z.strictObject({ label: LabelName })

export const SetLabelRuleInput = z.strictObject({
  protected: z
    .boolean()
    .describe('Only who may release moves or removes the label, and archives or renames what has it'),
})
export type SetLabelRuleInput = z.infer<typeof SetLabelRuleInput>

export const LabelRule = z.object({
  label: z.string(),
  protected: z.boolean(),
  etag: z.string(),
})
export type LabelRule = z.infer<typeof LabelRule>

export const LabelRuleList = pageOf(LabelRule)
export type LabelRuleList = z.infer<typeof LabelRuleList>
