import { endpoint } from '../contract.ts'
import {
  cancelBatchContract,
  cancelGenerationContract,
  followGenerationContract,
  getBatchContract,
  getGenerationContract,
  listBatchesContract,
  listGenerationsContract,
  requestBatchContract,
  requestGenerationContract,
  retryGenerationContract,
} from './contract.ts'
import { cancelBatch } from './operations/cancel-batch.ts'
import { cancelGeneration } from './operations/cancel-generation.ts'
import { followGeneration } from './operations/follow-generation.ts'
import { getBatch } from './operations/get-batch.ts'
import { getGeneration } from './operations/get-generation.ts'
import { listBatches } from './operations/list-batches.ts'
import { listGenerations } from './operations/list-generations.ts'
import { requestBatch } from './operations/request-batch.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { retryGeneration } from './operations/retry-generation.ts'

/** What REST offers of generations and batches, in the order of its document. */
export const generationRoutes = [
  endpoint(listGenerationsContract, listGenerations, 'generations:read'),
  endpoint(requestGenerationContract, requestGeneration, 'generations:run'),
  endpoint(getGenerationContract, getGeneration, 'generations:read'),
  endpoint(cancelGenerationContract, cancelGeneration, 'generations:run'),
  endpoint(retryGenerationContract, retryGeneration, 'generations:run'),
  endpoint(followGenerationContract, followGeneration, 'generations:read'),
  endpoint(listBatchesContract, listBatches, 'generations:read'),
  endpoint(requestBatchContract, requestBatch, 'generations:run'),
  endpoint(getBatchContract, getBatch, 'generations:read'),
  endpoint(cancelBatchContract, cancelBatch, 'generations:run'),
]
