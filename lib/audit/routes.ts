import { endpoint } from '../contract.ts'
import { isForFile } from '../page.ts'
import { listAuditContract } from './contract.ts'
import { exportAudit } from './operations/export-audit.ts'
import { listAudit } from './operations/list-audit.ts'

/** The REST endpoints of the audit log, in the order of the OpenAPI document. */
export const auditRoutes = [
  endpoint(
    listAuditContract,
    (actor, input) => (isForFile(input) ? exportAudit(actor, input) : listAudit(actor, input)),
    'audit:read',
  ),
]
