import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { getVersion } from '#lib/prompts/operations/get-version.ts'
import { getVersionContract } from '#lib/prompts/version-contract.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(getVersionContract, getVersion)),
)
