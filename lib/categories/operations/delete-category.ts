import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { sqlState } from '../../db/database-error.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay, assertMayChange } from '../policy.ts'
import { auditFacts, lockCategory, resourceScopes } from '../stored-category.ts'

export interface DeleteCategoryRequest {
  slug: string
}

const FOREIGN_KEY_VIOLATION = '23503'

/**
 * Deletes a category that no prompt is in.
 * @throws forbidden, not_found, conflict while prompts are in it, archived ones included
 */
export const deleteCategory = operation('deleteCategory', run)

async function run(actor: Actor, { slug }: DeleteCategoryRequest): Promise<void> {
  assertMay(actor, 'write')
  try {
    await change(actor, async ({ tx, record }) => {
      const category = await lockCategory(tx, actor.workspaceId, slug)
      assertMayChange(actor, category.id)
      if (category.held > 0) throw notEmpty(slug, category.held)
      await tx.$executeRaw`DELETE FROM category
        WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${category.id}::uuid`
      record({
        action: 'category.delete',
        target: { kind: 'category', id: category.id, name: slug },
        before: auditFacts(category),
        lists: resourceScopes(slug),
      })
    })
  } catch (error) {
    // A prompt came in between the count and the deletion.
    throw sqlState(error) === FOREIGN_KEY_VIOLATION ? notEmpty(slug) : error
  }
}

function notEmpty(slug: string, prompts?: number) {
  const many = prompts === undefined ? 'has prompts' : `has ${prompts} prompt${prompts === 1 ? '' : 's'}`
  return appError('conflict', `The category "${slug}" ${many}. Move them to another one first.`, {
    extra: prompts === undefined ? {} : { prompt_count: prompts },
  })
}
