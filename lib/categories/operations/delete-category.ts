import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
export interface DeleteCategoryRequest {
  slug: string
}

/** Deletes a category that no prompt is in. */
export async function deleteCategory(_actor: Actor, _input: DeleteCategoryRequest): Promise<void> {
  throw appError('internal', 'deleteCategory is being built.')
}
