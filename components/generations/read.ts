import type { z } from 'zod'
import { createConfigurationContract } from '#lib/ai/contract.ts'
import type { CreateConfigurationInput } from '#lib/ai/schema.ts'
import {
  cancelBatchContract,
  cancelGenerationContract,
  getBatchContract,
  getGenerationContract,
  listBatchesContract,
  listGenerationsContract,
  requestGenerationContract,
  retryGenerationContract,
} from '#lib/generations/contract.ts'
import type { ListGenerationsQuery, RequestGenerationInput } from '#lib/generations/schema.ts'
import { send } from '#lib/rest/client.ts'

/** These pages' calls of the public API. Loaded lazily, as the contracts bring all schemas along. */

export function readGenerations(query: z.input<typeof ListGenerationsQuery>, signal?: AbortSignal) {
  return send(listGenerationsContract, { query }, signal === undefined ? {} : { signal })
}

export function readGeneration(id: string, signal: AbortSignal) {
  return send(getGenerationContract, { params: { id } }, { signal })
}

/** @param idempotencyKey the same for a retry of the request, so that nothing is run and paid twice */
export function requestGeneration(body: z.input<typeof RequestGenerationInput>, idempotencyKey: string) {
  return send(requestGenerationContract, { body, idempotencyKey })
}

export function cancelGeneration(id: string) {
  return send(cancelGenerationContract, { params: { id } })
}

/** @param configuration another than it had; left out: the same */
export function retryGeneration(id: string, configuration: string | undefined, idempotencyKey: string) {
  const body = configuration === undefined ? {} : { configuration }
  return send(retryGenerationContract, { params: { id }, body, idempotencyKey })
}

/** @param limit how many of the newest */
export function readBatches(limit: number, signal: AbortSignal) {
  return send(listBatchesContract, { query: { limit } }, { signal })
}

export function readBatch(id: string, signal: AbortSignal) {
  return send(getBatchContract, { params: { id } }, { signal })
}

export function cancelBatch(id: string) {
  return send(cancelBatchContract, { params: { id } })
}

export function createConfiguration(body: z.input<typeof CreateConfigurationInput>) {
  return send(createConfigurationContract, { body, idempotencyKey: crypto.randomUUID() })
}
