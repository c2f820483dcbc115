import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { CategoryList } from '../schema.ts'

/** All categories in their order. */
export async function listCategories(_actor: Actor): Promise<CategoryList> {
  throw appError('internal', 'listCategories is being built.')
}
