import { z } from 'zod'
import { contract } from '../contract.ts'
import { FILE_TYPES, fileDescription, PageQuery } from '../page.ts'
import {
  BatchPage,
  BatchPath,
  Generation,
  GenerationBatch,
  GenerationEvent,
  GenerationEventsQuery,
  GenerationFacets,
  GenerationPage,
  GenerationPath,
  GenerationTotals,
  ListGenerationsQuery,
  NarrowedGenerations,
  RequestBatchInput,
  RequestGenerationInput,
  RetryGenerationInput,
  UsualFiguresAnswer,
  UsualFiguresQuery,
} from './schema.ts'
import { isFinished } from './status.ts'

const TAG = 'Generations'

export const listGenerationsContract = contract({
  id: 'listGenerations',
  method: 'GET',
  path: '/api/generations',
  tag: TAG,
  summary: 'List generations, the newest first',
  description: `${fileDescription('limits.generation_export_rows')} It has the \`columns\` that are asked for.`,
  download: FILE_TYPES,
  query: ListGenerationsQuery,
  output: GenerationPage,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const totalGenerationsContract = contract({
  id: 'totalGenerations',
  method: 'GET',
  path: '/api/generations/totals',
  tag: TAG,
  summary: 'Sum up all generations that filters leave',
  query: NarrowedGenerations,
  output: GenerationTotals,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const countFacetsContract = contract({
  id: 'countGenerationFacets',
  method: 'GET',
  path: '/api/generations/facets',
  tag: TAG,
  summary: 'Count the values that generations could be narrowed by further',
  description:
    'Of the newest 100,000 that the filters leave: codes of failures, models, versions, labels, and who asked.',
  query: NarrowedGenerations,
  output: GenerationFacets,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const readUsualContract = contract({
  id: 'readUsualFigures',
  method: 'GET',
  path: '/api/generations/usual',
  tag: TAG,
  summary: 'Read what is usual of each configuration',
  description:
    'The medians of its newest 300 answers of the last `limits.generation_usual_days`: latency, first token, tokens a second, time in the queue, cost.',
  query: UsualFiguresQuery,
  output: UsualFiguresAnswer,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const requestGenerationContract = contract({
  id: 'requestGeneration',
  method: 'POST',
  path: '/api/generations',
  tag: TAG,
  summary: 'Run a prompt against a model, in the background',
  description:
    '202 with the queued generation at once; with `wait` 200 with the finished one when it ends in that time. Follow it with GET /api/generations/{id}/events.',
  body: RequestGenerationInput,
  output: Generation,
  status: 202,
  otherwise: { status: 200, when: ({ status }) => isFinished(status) },
  errors: ['forbidden', 'not_found', 'unprocessable', 'rate_limited', 'quota_exceeded'],
  idempotent: true,
  location: (generation) => `/api/generations/${generation.id}`,
})

export const getGenerationContract = contract({
  id: 'getGeneration',
  method: 'GET',
  path: '/api/generations/{id}',
  tag: TAG,
  summary: 'Read a generation with its attempts',
  params: GenerationPath,
  output: Generation,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const cancelGenerationContract = contract({
  id: 'cancelGeneration',
  method: 'POST',
  path: '/api/generations/{id}/cancel',
  tag: TAG,
  summary: 'Stop a generation; what has arrived is kept',
  description: 'One that has ended stays as it is.',
  params: GenerationPath,
  output: Generation,
  status: 202,
  errors: ['forbidden', 'not_found'],
})

export const retryGenerationContract = contract({
  id: 'retryGeneration',
  method: 'POST',
  path: '/api/generations/{id}/retry',
  tag: TAG,
  summary: 'Run the same messages again, as a new generation',
  description: 'Of one that has ended, however it ended. `retry_of` of the new one names it.',
  params: GenerationPath,
  body: RetryGenerationInput,
  output: Generation,
  status: 202,
  errors: ['forbidden', 'not_found', 'conflict', 'unprocessable', 'rate_limited', 'quota_exceeded'],
  idempotent: true,
  location: (generation) => `/api/generations/${generation.id}`,
})

export const followGenerationContract = contract({
  id: 'followGeneration',
  method: 'GET',
  path: '/api/generations/{id}/events',
  tag: TAG,
  summary: 'Follow a generation, as server-sent events',
  description:
    'Events: `state`, `text` (a piece, with its place), `restart` (an attempt failed, its text is void) and `finished`, after which the stream ends. An id is "attempt.position"; Last-Event-ID brings the rest, from any instance.',
  params: GenerationPath,
  query: GenerationEventsQuery,
  output: GenerationEvent,
  stream: true,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const requestBatchContract = contract({
  id: 'requestGenerationBatch',
  method: 'POST',
  path: '/api/generations/batch',
  tag: TAG,
  summary: 'Run a prompt over many inputs, with one configuration or several',
  body: RequestBatchInput,
  output: GenerationBatch,
  status: 202,
  errors: ['forbidden', 'not_found', 'unprocessable', 'rate_limited', 'quota_exceeded'],
  idempotent: true,
  location: (batch) => `/api/generations/batch/${batch.id}`,
})

export const listBatchesContract = contract({
  id: 'listGenerationBatches',
  method: 'GET',
  path: '/api/generations/batch',
  tag: TAG,
  summary: 'List batches with their progress, the newest first',
  query: z.strictObject(PageQuery.shape),
  output: BatchPage,
  status: 200,
  errors: ['forbidden'],
})

export const getBatchContract = contract({
  id: 'getGenerationBatch',
  method: 'GET',
  path: '/api/generations/batch/{id}',
  tag: TAG,
  summary: 'Read the progress of a batch',
  params: BatchPath,
  output: GenerationBatch,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const cancelBatchContract = contract({
  id: 'cancelGenerationBatch',
  method: 'POST',
  path: '/api/generations/batch/{id}/cancel',
  tag: TAG,
  summary: 'Stop what is left of a batch',
  params: BatchPath,
  output: GenerationBatch,
  status: 202,
  errors: ['forbidden', 'not_found'],
})
