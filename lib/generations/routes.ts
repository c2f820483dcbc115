import { endpoint } from '../contract.ts'
import { isForFile } from '../page.ts'
import {
  cancelBatchContract,
  cancelGenerationContract,
  countFacetsContract,
  followGenerationContract,
  getBatchContract,
  getGenerationContract,
  listBatchesContract,
  listGenerationsContract,
  readUsualContract,
  requestBatchContract,
  requestGenerationContract,
  retryGenerationContract,
  totalGenerationsContract,
} from './contract.ts'
import { cancelBatch } from './operations/cancel-batch.ts'
import { cancelGeneration } from './operations/cancel-generation.ts'
import { countFacets } from './operations/count-facets.ts'
import { exportGenerations } from './operations/export-generations.ts'
import { followGeneration } from './operations/follow-generation.ts'
import { getBatch } from './operations/get-batch.ts'
import { getGeneration } from './operations/get-generation.ts'
import { listBatches } from './operations/list-batches.ts'
import { listGenerations } from './operations/list-generations.ts'
import { readUsual } from './operations/read-usual.ts'
import { requestBatch } from './operations/request-batch.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { retryGeneration } from './operations/retry-generation.ts'
import { totalGenerations } from './operations/total-generations.ts'

/** What REST offers of generations and batches, in the order of its document. */
export const generationRoutes = [
  endpoint(
    listGenerationsContract,
    (actor, input) => (isForFile(input) ? exportGenerations(actor, input) : listGenerations(actor, input)),
    'generations:read',
  ),
  endpoint(totalGenerationsContract, totalGenerations, 'generations:read'),
  endpoint(countFacetsContract, countFacets, 'generations:read'),
  endpoint(readUsualContract, readUsual, 'generations:read'),
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
