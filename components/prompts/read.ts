import type { z } from 'zod'
import { listCategoriesContract } from '#lib/categories/contract.ts'
import { bulkPromptsContract } from '#lib/prompts/bulk-contract.ts'
import type { BulkPromptsInput } from '#lib/prompts/bulk-schema.ts'
import { createPromptContract, duplicatePromptContract, patchPromptContract } from '#lib/prompts/contract.ts'
import { listPromptsContract, listTagsContract } from '#lib/prompts/list-contract.ts'
import type { CreatePromptInput, ListPromptsQuery, PatchPromptInput } from '#lib/prompts/schema.ts'
import { send } from '#lib/rest/client.ts'

/** Our pages' calls of the public API. Loaded lazily, as the contracts bring all schemas along. */

/** Most tags that are offered at the side. */
export const TAG_LIMIT = 100

export function readPrompts(query: z.input<typeof ListPromptsQuery>, signal: AbortSignal) {
  return send(listPromptsContract, { query }, { signal })
}

export async function readCategories(signal: AbortSignal) {
  const { categories } = await send(listCategoriesContract, {}, { signal })
  return categories
}

export async function readTags(signal: AbortSignal) {
  const { items } = await send(listTagsContract, { query: { limit: TAG_LIMIT } }, { signal })
  return items
}

export function createPrompt(body: z.input<typeof CreatePromptInput>) {
  return send(createPromptContract, { body, idempotencyKey: crypto.randomUUID() })
}

/** @param idempotencyKey the same for a retry, so that nothing is done twice */
export function bulkPrompts(body: z.input<typeof BulkPromptsInput>, idempotencyKey: string) {
  return send(bulkPromptsContract, { body, idempotencyKey })
}

export function patchPrompt(name: string, ifMatch: string, body: PatchPromptInput) {
  return send(patchPromptContract, { params: { name }, body, ifMatch })
}

export function duplicatePrompt(name: string) {
  return send(duplicatePromptContract, { params: { name }, body: {}, idempotencyKey: crypto.randomUUID() })
}
