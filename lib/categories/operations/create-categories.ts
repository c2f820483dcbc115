import type { Actor } from '../../access/actor.ts'
import type { ChangeContext } from '../../db/change.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay, assertMayChange } from '../policy.ts'
import { auditFacts, colorAt, resourceScopes } from '../stored-category.ts'

/** Categories that are new, with the ids that they get, and the change that they are a part of. */
export interface NewCategories {
  context: ChangeContext
  /** Ids by slug. */
  categories: ReadonlyMap<string, string>
}

/**
 * Makes categories within a change that needs them; they come last, and are called by their slugs.
 * @throws forbidden, too_large past `limits.categories`
 */
export const createCategories = operation('createCategories', run)

async function run(actor: Actor, { context, categories }: NewCategories): Promise<void> {
  assertMay(actor, 'write')
  assertMayChange(actor, null)
  if (categories.size === 0) return
  const { tx, record } = context
  const where = { workspace_id: actor.workspaceId }
  const limit = getRuntime().config.limits.categories
  const all = await tx.category.aggregate({ where, _count: true, _max: { position: true } })
  if (all._count + categories.size > limit)
    throw overLimit('limits.categories', `A workspace has at most ${limit} categories`)
  const first = (all._max.position ?? -1) + 1
  const rows = [...categories].map(([slug, id], index) => ({
    id,
    ...where,
    slug,
    name: nameOf(slug),
    description: '',
    color: colorAt(all._count + index),
    position: first + index,
    created_by: actor.id,
  }))
  await insertRows(tx, 'category', rows)
  for (const { id, slug, name, description, color, position } of rows)
    record({
      action: 'category.create',
      target: { kind: 'category', id, name: slug },
      after: auditFacts({ slug, name, description, color, position }),
      lists: resourceScopes(slug),
    })
}

/** `customer-support` → Customer support. */
function nameOf(slug: string): string {
  const words = slug.replaceAll(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1) || slug
}
