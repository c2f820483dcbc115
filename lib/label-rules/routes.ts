import { endpoint } from '../contract.ts'
import { getLabelRuleContract, listLabelRulesContract, setLabelRuleContract } from './contract.ts'
import { getLabelRule } from './operations/get-label-rule.ts'
import { listLabelRules } from './operations/list-label-rules.ts'
import { setLabelRule } from './operations/set-label-rule.ts'

/** What REST offers of the rules of labels, in the order of its document. */
export const labelRuleRoutes = [
  endpoint(listLabelRulesContract, listLabelRules, 'settings:write'),
  endpoint(getLabelRuleContract, getLabelRule, 'settings:write'),
  endpoint(setLabelRuleContract, setLabelRule, 'settings:write'),
]
