import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { getTimeseriesContract } from '#lib/usage/contract.ts'
import { getTimeseries } from '#lib/usage/operations/get-timeseries.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(getTimeseriesContract, getTimeseries)),
)
