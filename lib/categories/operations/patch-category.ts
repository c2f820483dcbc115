import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { Category, PatchCategoryInput } from '../schema.ts'

export type PatchCategoryRequest = PatchCategoryInput & { current_slug: string }

/** Changes a category. */
export async function patchCategory(_actor: Actor, _input: PatchCategoryRequest): Promise<Category> {
  throw appError('internal', 'patchCategory is being built.')
}
