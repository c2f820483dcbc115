import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay, assertMayChange } from '../policy.ts'
import type { Category, MergeCategoryInput, MergedCategory } from '../schema.ts'
import {
  allScopes,
  auditFacts,
  categoryOf,
  lockCategories,
  noCategory,
  type StoredCategory,
} from '../stored-category.ts'

export type MergeCategoryRequest = MergeCategoryInput & { slug: string }

/**
 * Moves all prompts of a category to another one, archived ones too, and deletes it. One line of the audit
 * log holds the names of all that moved.
 * @returns how many moved, and what takes it back
 * @throws forbidden, not_found, unprocessable when the other category is unknown or the same
 */
export const mergeCategory = operation('mergeCategory', run)

async function run(actor: Actor, input: MergeCategoryRequest): Promise<MergedCategory> {
  assertMay(actor, 'write')
  const { slug, into } = input
  if (slug === into) throw unusable('A category cannot be merged into itself', 'same_category')
  return change(actor, async (context) => {
    const locked = await lockCategories(context.tx, actor.workspaceId, [slug, into], slug)
    const source = locked.find((each) => each.slug === slug)
    const target = locked.find((each) => each.slug === into)
    if (source === undefined) throw noCategory(slug)
    if (target === undefined) throw unusable(`There is no category "${into}"`, 'unknown_category')
    for (const { id } of [source, target]) assertMayChange(actor, id)
    const names = await movePrompts(context, actor, source, target)
    await context.tx.$executeRaw`DELETE FROM category
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${source.id}::uuid`
    context.record({
      action: 'category.merge',
      target: { kind: 'category', id: source.id, name: slug },
      before: { ...auditFacts(source), prompts: names },
      after: { into, moved: names.length },
      lists: allScopes(slug, into),
    })
    // The one that stays is told of as well: what is kept of its prompts and counts is no longer true.
    context.record({
      action: 'category.update',
      target: { kind: 'category', id: target.id, name: into },
      before: { merged: null },
      after: { merged: slug },
    })
    const merged: Category = {
      ...categoryOf(target),
      prompt_count: target.prompt_count + source.prompt_count,
    }
    return { into: merged, moved: names.length, undo: undoOf(source, names) }
  })
}

function unusable(message: string, code: string) {
  return appError('unprocessable', `${message}.`, { details: [{ path: ['into'], code, message }] })
}

/** Locked in the order of their ids, like every change of many prompts. */
async function movePrompts(
  { tx }: ChangeContext,
  actor: Actor,
  source: StoredCategory,
  target: StoredCategory,
): Promise<string[]> {
  await tx.$queryRaw`SELECT id FROM prompt_template
    WHERE workspace_id = ${actor.workspaceId}::uuid AND category_id = ${source.id}::uuid
    ORDER BY id FOR NO KEY UPDATE`
  const moved = await tx.$queryRaw<{ name: string }[]>`
    UPDATE prompt_template SET category_id = ${target.id}::uuid, revision = revision + 1,
      updated_by = ${actor.id}::uuid, updated_at = now()
    WHERE workspace_id = ${actor.workspaceId}::uuid AND category_id = ${source.id}::uuid
    RETURNING name`
  return moved.map(({ name }) => name).toSorted()
}

/** The old category again, and its prompts back into it, as many at a time as one request may name. */
function undoOf(source: StoredCategory, names: string[]): MergedCategory['undo'] {
  const size = getRuntime().config.limits.bulk_names
  const parts = Array.from({ length: Math.ceil(names.length / size) }, (_, part) =>
    names.slice(part * size, (part + 1) * size),
  )
  return {
    category: auditFacts(source),
    bulk: parts.map((part) => ({ names: part, patch: { category: source.slug } })),
  }
}
