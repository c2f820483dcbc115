import { getCatalogueContract } from '#lib/ai/contract.ts'
import { getCatalogue } from '#lib/ai/operations/get-catalogue.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(getCatalogueContract, getCatalogue)),
)
