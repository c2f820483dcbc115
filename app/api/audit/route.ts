import { listAuditContract } from '#lib/audit/contract.ts'
import { listAudit } from '#lib/audit/operations/list-audit.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(listAuditContract, listAudit)),
)
