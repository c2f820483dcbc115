import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { listUsedByContract } from '#lib/prompts/contract.ts'
import { listUsedBy } from '#lib/prompts/operations/list-used-by.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(listUsedByContract, listUsedBy)),
)
