import { endpoint, resource } from '#lib/http/endpoint.ts'
import { openApiDocument } from '#lib/http/openapi.ts'
import { getOpenApiContract } from '#lib/http/openapi-contract.ts'
import { route } from '#lib/http/route.ts'
import { getRuntime } from '#lib/runtime.ts'

async function getOpenApi() {
  return getRuntime().once('http.openapi', () => ({ ...openApiDocument() }))
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(getOpenApiContract, getOpenApi)),
)
