import { contract } from '../contract.ts'
import { AuditPage, AuditQuery } from './schema.ts'

export const listAuditContract = contract({
  id: 'listAudit',
  method: 'GET',
  path: '/api/audit',
  tag: 'Audit',
  summary: 'List what was changed by whom, newest first',
  description:
    'With `format=csv` all rows that the filters leave, as a file (RFC 4180) that is sent while it is read. Beyond `limits.audit_export_rows` its last row has the action `export.limit` and says with which `cursor` to go on. A cell that a spreadsheet would take for a formula begins with an apostrophe.',
  download: ['text/csv'],
  query: AuditQuery,
  output: AuditPage,
  status: 200,
  errors: ['forbidden'],
})
