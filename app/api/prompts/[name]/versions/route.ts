import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { createVersion } from '#lib/prompts/operations/create-version.ts'
import { listVersions } from '#lib/prompts/operations/list-versions.ts'
import { createVersionContract, listVersionsContract } from '#lib/prompts/version-contract.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(listVersionsContract, listVersions), endpoint(createVersionContract, createVersion)),
)
