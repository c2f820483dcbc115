import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { getStatsContract } from '#lib/usage/contract.ts'
import { getStats } from '#lib/usage/operations/get-stats.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(getStatsContract, getStats)),
)
