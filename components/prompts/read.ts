import type { z } from 'zod'
import { listCategoriesContract } from '#lib/categories/contract.ts'
import { send } from '#lib/http/client.ts'
import { createPromptContract } from '#lib/prompts/contract.ts'
import { listPromptsContract, listTagsContract } from '#lib/prompts/list-contract.ts'
import type { CreatePromptInput, ListPromptsQuery } from '#lib/prompts/schema.ts'

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
