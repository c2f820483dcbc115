import { retryGenerationContract } from '#lib/generations/contract.ts'
import { retryGeneration } from '#lib/generations/operations/retry-generation.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(retryGenerationContract, retryGeneration)),
)
