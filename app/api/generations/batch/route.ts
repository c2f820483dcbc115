import { listBatchesContract, requestBatchContract } from '#lib/generations/contract.ts'
import { listBatches } from '#lib/generations/operations/list-batches.ts'
import { requestBatch } from '#lib/generations/operations/request-batch.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(listBatchesContract, listBatches), endpoint(requestBatchContract, requestBatch)),
)
