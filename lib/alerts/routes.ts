import { endpoint } from '../contract.ts'
import {
  acknowledgeEventContract,
  createRuleContract,
  deleteRuleContract,
  getBellContract,
  getRuleContract,
  listEventsContract,
  listRulesContract,
  markReadContract,
  patchRuleContract,
  previewRuleContract,
} from './contract.ts'
import { acknowledgeEvent } from './operations/acknowledge-event.ts'
import { createRule } from './operations/create-rule.ts'
import { deleteRule } from './operations/delete-rule.ts'
import { getBell } from './operations/get-bell.ts'
import { getRule } from './operations/get-rule.ts'
import { listEvents } from './operations/list-events.ts'
import { listRules } from './operations/list-rules.ts'
import { markRead } from './operations/mark-read.ts'
import { patchRule } from './operations/patch-rule.ts'
import { previewRule } from './operations/preview-rule.ts'

/** What REST offers of alerts, in the order of its document. */
export const alertRoutes = [
  endpoint(listRulesContract, listRules, 'settings:write'),
  endpoint(createRuleContract, createRule, 'settings:write'),
  endpoint(previewRuleContract, previewRule, 'settings:write'),
  endpoint(getBellContract, getBell, 'usage:read'),
  endpoint(listEventsContract, listEvents, 'usage:read'),
  endpoint(markReadContract, markRead, 'usage:read'),
  endpoint(acknowledgeEventContract, acknowledgeEvent, 'settings:write'),
  endpoint(getRuleContract, getRule, 'settings:write'),
  endpoint(patchRuleContract, patchRule, 'settings:write'),
  endpoint(deleteRuleContract, deleteRule, 'settings:write'),
]
