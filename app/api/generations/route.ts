import { listGenerationsContract, requestGenerationContract } from '#lib/generations/contract.ts'
import { listGenerations } from '#lib/generations/operations/list-generations.ts'
import { requestGeneration } from '#lib/generations/operations/request-generation.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(
    endpoint(listGenerationsContract, listGenerations),
    endpoint(requestGenerationContract, requestGeneration),
  ),
)
