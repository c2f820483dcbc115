import { cancelBatchContract } from '#lib/generations/contract.ts'
import { cancelBatch } from '#lib/generations/operations/cancel-batch.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(cancelBatchContract, cancelBatch)),
)
