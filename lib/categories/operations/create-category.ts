import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { overLimit } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay, assertMayChange } from '../policy.ts'
import type { Category, CreateCategoryInput } from '../schema.ts'
import { auditFacts, colorAt, resourceScopes, slugTaken } from '../stored-category.ts'

/**
 * Makes a category; without a position it comes last.
 * @throws forbidden, conflict when the slug is taken, unprocessable at `limits.categories`
 */
export const createCategory = operation('createCategory', run)

async function run(actor: Actor, input: CreateCategoryInput): Promise<Category> {
  assertMay(actor, 'write')
  assertMayChange(actor, null)
  try {
    return await change(actor, (context) => insert(context, actor, input))
  } catch (error) {
    // Another request made the slug after this one had looked.
    throw isUniqueViolation(error) ? slugTaken(input.slug) : error
  }
}

async function insert(
  { tx, record }: ChangeContext,
  actor: Actor,
  input: CreateCategoryInput,
): Promise<Category> {
  const where = { workspace_id: actor.workspaceId }
  const limit = getRuntime().config.limits.categories
  const taken = await tx.category.findFirst({ where: { ...where, slug: input.slug }, select: { id: true } })
  if (taken !== null) throw slugTaken(input.slug)
  const all = await tx.category.aggregate({ where, _count: true, _max: { position: true } })
  if (all._count >= limit) throw overLimit('limits.categories', `A workspace has at most ${limit} categories`)
  const id = newId()
  const category = {
    slug: input.slug,
    name: input.name,
    description: input.description ?? '',
    color: input.color ?? colorAt(all._count),
    position: input.position ?? (all._max.position ?? -1) + 1,
  }
  await tx.category.create({ data: { id, ...where, ...category, created_by: actor.id } })
  record({
    action: 'category.create',
    target: { kind: 'category', id, name: category.slug },
    after: auditFacts(category),
    lists: resourceScopes(category.slug),
  })
  return { ...category, prompt_count: 0 }
}
