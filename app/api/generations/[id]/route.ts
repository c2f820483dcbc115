import { getGenerationContract } from '#lib/generations/contract.ts'
import { getGeneration } from '#lib/generations/operations/get-generation.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(getGenerationContract, getGeneration)),
)
