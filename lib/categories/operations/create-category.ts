import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { Category, CreateCategoryInput } from '../schema.ts'

/** Makes a category. */
export async function createCategory(_actor: Actor, _input: CreateCategoryInput): Promise<Category> {
  throw appError('internal', 'createCategory is being built.')
}
