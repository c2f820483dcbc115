import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { ListScope } from '../../db/changes/notice.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { patched } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay, assertMayChange } from '../policy.ts'
import type { Category, PatchCategoryInput } from '../schema.ts'
import {
  allScopes,
  auditFacts,
  categoryOf,
  lockCategory,
  resourceScopes,
  type StoredCategory,
  slugTaken,
} from '../stored-category.ts'

export type PatchCategoryRequest = PatchCategoryInput & { current_slug: string }

const FIELDS = ['slug', 'name', 'description', 'color', 'position'] as const

/**
 * Changes a category; what is left out stays. Prompts follow a new slug.
 * @throws forbidden, not_found, conflict when the new slug is taken
 */
export const patchCategory = operation('patchCategory', run)

async function run(actor: Actor, input: PatchCategoryRequest): Promise<Category> {
  assertMay(actor, 'write')
  try {
    return await change(actor, (context) => update(context, actor, input))
  } catch (error) {
    throw isUniqueViolation(error) ? slugTaken(input.slug ?? '') : error
  }
}

async function update(
  { tx, record }: ChangeContext,
  actor: Actor,
  input: PatchCategoryRequest,
): Promise<Category> {
  const before = await lockCategory(tx, actor.workspaceId, input.current_slug)
  assertMayChange(actor, before.id)
  const after = patched(before, input, FIELDS)
  if (JSON.stringify(after) === JSON.stringify(before)) return categoryOf(before)
  await tx.category.update({
    where: { id: before.id, workspace_id: actor.workspaceId },
    data: { ...auditFacts(after), updated_at: new Date() },
  })
  record({
    action: 'category.update',
    target: { kind: 'category', id: before.id, name: after.slug },
    before: auditFacts(before),
    after: auditFacts(after),
    lists: changedLists(before, after),
  })
  return categoryOf(after)
}

function changedLists(before: StoredCategory, after: StoredCategory): ListScope[] {
  if (before.slug !== after.slug) {
    const slugs = [before.slug, after.slug]
    return before.held > 0 ? allScopes(...slugs) : resourceScopes(...slugs)
  }
  const shown = before.name !== after.name || before.description !== after.description
  return shown ? resourceScopes(after.slug) : []
}
