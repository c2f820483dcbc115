import { contract } from '../contract.ts'
import { LabelRule, LabelRuleList, LabelRulePath, SetLabelRuleInput } from './schema.ts'

const TAG = 'Labels'

export const listLabelRulesContract = contract({
  id: 'listLabelRules',
  method: 'GET',
  path: '/api/label-rules',
  tag: TAG,
  summary: 'List the rules of labels',
  description: 'Every label that a prompt has or that something was decided for, by name.',
  output: LabelRuleList,
  status: 200,
  errors: ['forbidden'],
})

export const getLabelRuleContract = contract({
  id: 'getLabelRule',
  method: 'GET',
  path: '/api/label-rules/{label}',
  tag: TAG,
  summary: 'Read the rule of a label',
  params: LabelRulePath,
  output: LabelRule,
  status: 200,
  errors: ['forbidden'],
  etag: true,
})

export const setLabelRuleContract = contract({
  id: 'setLabelRule',
  method: 'PUT',
  path: '/api/label-rules/{label}',
  tag: TAG,
  summary: 'Protect a label or stop that, and say whether its contract is kept',
  description: '`production` is always protected.',
  params: LabelRulePath,
  body: SetLabelRuleInput,
  output: LabelRule,
  status: 200,
  errors: ['forbidden', 'unprocessable', 'precondition_failed', 'precondition_required'],
  etag: true,
  ifMatch: true,
})
