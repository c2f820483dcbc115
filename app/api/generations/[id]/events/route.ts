import { followGenerationContract } from '#lib/generations/contract.ts'
import { followGeneration } from '#lib/generations/operations/follow-generation.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(followGenerationContract, followGeneration)),
)
