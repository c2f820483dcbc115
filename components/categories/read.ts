import type { z } from 'zod'
import {
  createCategoryContract,
  deleteCategoryContract,
  listCategoriesContract,
  mergeCategoryContract,
  orderCategoriesContract,
  patchCategoryContract,
} from '#lib/categories/contract.ts'
import type { CreateCategoryInput, PatchCategoryInput } from '#lib/categories/schema.ts'
import { send } from '#lib/rest/client.ts'

/** Our pages' calls of the public API for categories. Loaded lazily, as the contracts bring schemas along. */

export async function readCategories(signal: AbortSignal) {
  return (await send(listCategoriesContract, {}, { signal })).categories
}

export function createCategory(body: z.input<typeof CreateCategoryInput>) {
  return send(createCategoryContract, { body, idempotencyKey: crypto.randomUUID() })
}

export function patchCategory(slug: string, body: PatchCategoryInput) {
  return send(patchCategoryContract, { params: { slug }, body })
}

export function deleteCategory(slug: string) {
  return send(deleteCategoryContract, { params: { slug } })
}

export function mergeCategory(slug: string, into: string) {
  return send(mergeCategoryContract, { params: { slug }, body: { into } })
}

export function orderCategories(slugs: string[]) {
  return send(orderCategoriesContract, { body: { slugs } })
}
