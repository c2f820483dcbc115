import { CHANGE_ONE, contract, DELETE_ONE, READ_ONE } from '../contract.ts'
import { PageQuery } from '../page.ts'
import {
  AlertEvent,
  AlertEventPage,
  Bell,
  CreateRuleInput,
  EventPath,
  ListEventsQuery,
  MarkReadInput,
  PatchRuleInput,
  Preview,
  PreviewInput,
  Rule,
  RulePage,
  RulePath,
} from './schema.ts'

const TAG = 'Alerts'

export const listRulesContract = contract({
  id: 'listAlertRules',
  method: 'GET',
  path: '/api/alerts',
  tag: TAG,
  summary: 'List alert rules',
  description: 'The newest first.',
  query: PageQuery,
  output: RulePage,
  status: 200,
  errors: ['forbidden'],
})

export const createRuleContract = contract({
  id: 'createAlertRule',
  method: 'POST',
  path: '/api/alerts',
  tag: TAG,
  summary: 'Make an alert rule',
  body: CreateRuleInput,
  output: Rule,
  status: 201,
  errors: ['forbidden', 'unprocessable', 'too_large'],
  etag: true,
  idempotent: true,
  location: ({ id }) => `/api/alerts/${id}`,
})

export const previewRuleContract = contract({
  id: 'previewAlertRule',
  method: 'POST',
  path: '/api/alerts/preview',
  tag: TAG,
  summary: 'Test a condition on the past',
  description:
    'The evaluation of live rules, at the end of each hour. A live rule is evaluated every minute, so it fires sooner.',
  body: PreviewInput,
  output: Preview,
  status: 200,
  errors: ['forbidden', 'unprocessable'],
})

export const getBellContract = contract({
  id: 'getAlertBell',
  method: 'GET',
  path: '/api/alerts/bell',
  tag: TAG,
  summary: 'What fires, and what the caller has not read',
  output: Bell,
  status: 200,
  errors: ['forbidden'],
})

export const listEventsContract = contract({
  id: 'listAlertEvents',
  method: 'GET',
  path: '/api/alerts/events',
  tag: TAG,
  summary: 'List what fired',
  description: 'The newest first.',
  query: ListEventsQuery,
  output: AlertEventPage,
  status: 200,
  errors: ['forbidden'],
})

export const markReadContract = contract({
  id: 'markAlertsRead',
  method: 'POST',
  path: '/api/alerts/events/read',
  tag: TAG,
  summary: 'Mark what fired as read, for the caller alone',
  body: MarkReadInput,
  status: 204,
  errors: ['forbidden'],
})

export const acknowledgeEventContract = contract({
  id: 'acknowledgeAlert',
  method: 'POST',
  path: '/api/alerts/events/{id}/acknowledge',
  tag: TAG,
  summary: 'Say that somebody looks after it',
  params: EventPath,
  output: AlertEvent,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const getRuleContract = contract({
  id: 'getAlertRule',
  method: 'GET',
  path: '/api/alerts/{id}',
  tag: TAG,
  summary: 'Read an alert rule',
  params: RulePath,
  output: Rule,
  ...READ_ONE,
})

export const patchRuleContract = contract({
  id: 'patchAlertRule',
  method: 'PATCH',
  path: '/api/alerts/{id}',
  tag: TAG,
  summary: 'Change an alert rule, switch it on or off, or mute it',
  params: RulePath,
  body: PatchRuleInput,
  output: Rule,
  ...CHANGE_ONE,
})

export const deleteRuleContract = contract({
  id: 'deleteAlertRule',
  method: 'DELETE',
  path: '/api/alerts/{id}',
  tag: TAG,
  summary: 'Delete an alert rule; what it fired stays in the history',
  params: RulePath,
  ...DELETE_ONE,
})
