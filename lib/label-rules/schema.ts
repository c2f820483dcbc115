import { z } from 'zod'
import { pageOf } from '../page.ts'
import { LabelName } from '../prompts/name.ts'

export const LabelRulePath = z.strictObject({ label: LabelName })

const Contract = z.enum(['off', 'required'])
const CONTRACT_RULE =
  'required: a move to a version that refuses what the one in use takes is refused (409 would_break), unless it is repeated with `accept_breaking`'

export const SetLabelRuleInput = z.strictObject({
  protected: z
    .boolean()
    .describe('Only who may release moves or removes the label, and archives or renames what has it'),
  contract: Contract.optional().describe('What it is now when left out. ' + CONTRACT_RULE),
})
export type SetLabelRuleInput = z.infer<typeof SetLabelRuleInput>

export const LabelRule = z.object({
  label: z.string(),
  protected: z.boolean(),
  contract: Contract.describe(CONTRACT_RULE),
  etag: z.string(),
})
export type LabelRule = z.infer<typeof LabelRule>

export const LabelRuleList = pageOf(LabelRule)
export type LabelRuleList = z.infer<typeof LabelRuleList>
