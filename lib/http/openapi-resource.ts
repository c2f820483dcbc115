import { keptDocument } from '../kept-document.ts'
import { getRuntime } from '../runtime.ts'
import { endpoint, resource } from './endpoint.ts'
import { openApiDocument } from './openapi.ts'
import { getOpenApiContract } from './openapi-contract.ts'

async function getOpenApi() {
  return getRuntime().once('http.openapi', () => keptDocument(openApiDocument()))
}

/** `GET /api/openapi.json`, the same bytes for everybody. */
export const openApiResource = resource(endpoint(getOpenApiContract, getOpenApi))
