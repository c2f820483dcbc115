import { contract } from '../contract.ts'
import { FILE_TYPES, fileDescription } from '../page.ts'
import { AuditPage, AuditQuery } from './schema.ts'

export const listAuditContract = contract({
  id: 'listAudit',
  method: 'GET',
  path: '/api/audit',
  tag: 'Audit',
  summary: 'List what was changed by whom, newest first',
  description: fileDescription('limits.audit_export_rows'),
  download: FILE_TYPES,
  query: AuditQuery,
  output: AuditPage,
  status: 200,
  errors: ['forbidden'],
})
