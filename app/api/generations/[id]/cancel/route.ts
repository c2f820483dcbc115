import { cancelGenerationContract } from '#lib/generations/contract.ts'
import { cancelGeneration } from '#lib/generations/operations/cancel-generation.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(cancelGenerationContract, cancelGeneration)),
)
