import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { listTagsContract } from '#lib/prompts/list-contract.ts'
import { listTags } from '#lib/prompts/operations/list-tags.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(listTagsContract, listTags)),
)
