import { endpoint } from '../contract.ts'
import { listAuditContract } from './contract.ts'
import { listAudit } from './operations/list-audit.ts'

/** What REST offers of the audit log, in the order of its document. */
export const auditRoutes = [endpoint(listAuditContract, listAudit, 'audit:read')]
