import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { listLabelsContract } from '#lib/prompts/label-contract.ts'
import { listLabels } from '#lib/prompts/operations/list-labels.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(listLabelsContract, listLabels)),
)
