import { listGenerationsContract, requestGenerationContract } from '../generations/contract.ts'
import { listGenerations } from '../generations/operations/list-generations.ts'
import { requestGeneration } from '../generations/operations/request-generation.ts'
import { endpoint, resource } from './endpoint.ts'

/** `/api/generations`, for the route file and for the hot path alike. */
export const generationsResource = resource(
  endpoint(listGenerationsContract, listGenerations),
  endpoint(requestGenerationContract, requestGeneration),
)
