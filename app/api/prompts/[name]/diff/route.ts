import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { diffVersionsContract } from '#lib/prompts/diff-contract.ts'
import { diffVersions } from '#lib/prompts/operations/diff-versions.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(diffVersionsContract, diffVersions)),
)
