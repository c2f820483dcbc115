import { contract } from '../contract.ts'
import { AuditPage, AuditQuery } from './schema.ts'

export const listAuditContract = contract({
  id: 'listAudit',
  method: 'GET',
  path: '/api/audit',
  tag: 'Audit',
  summary: 'List what was changed by whom, newest first',
  query: AuditQuery,
  output: AuditPage,
  status: 200,
  errors: ['forbidden'],
})
