import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay, assertMayChange } from '../policy.ts'
import type { CategoryList, OrderCategoriesInput } from '../schema.ts'
import { allSlugs, categoryOf, lockCategories } from '../stored-category.ts'

/**
 * Puts all categories in order, at positions from 0 on.
 * @throws forbidden, unprocessable when a slug comes twice, conflict (with `missing` and `unknown`) when the
 *   list is not that of all categories: somebody made or deleted one meanwhile
 */
export const orderCategories = operation('orderCategories', run)

async function run(actor: Actor, { slugs }: OrderCategoriesInput): Promise<CategoryList> {
  assertMay(actor, 'write')
  assertMayChange(actor, null)
  const twice = slugs.findIndex((slug, index) => slugs.indexOf(slug) !== index)
  if (twice !== -1) throw namedTwice(twice)
  return change(actor, async ({ tx, record }) => {
    const there = await lockCategories(tx, actor.workspaceId, await allSlugs(tx, actor.workspaceId))
    const bySlug = new Map(there.map((category) => [category.slug, category]))
    const missing = [...bySlug.keys()].filter((slug) => !slugs.includes(slug))
    const unknown = slugs.filter((slug) => !bySlug.has(slug))
    if (missing.length + unknown.length > 0) throw otherCategories(missing, unknown)
    const ordered = slugs.flatMap((slug, position) => {
      const category = bySlug.get(slug)
      return category === undefined ? [] : [{ ...category, position }]
    })
    const before = there.toSorted((a, b) => a.position - b.position || (a.slug < b.slug ? -1 : 1))
    const moved = ordered.filter(({ slug, position }) => bySlug.get(slug)?.position !== position)
    if (moved.length > 0) {
      const rows = JSON.stringify(moved.map(({ id, position }) => ({ id, position })))
      await tx.$executeRaw`UPDATE category c SET position = n.position, updated_at = now()
        FROM json_to_recordset(${rows}::json) AS n (id uuid, position integer)
        WHERE c.workspace_id = ${actor.workspaceId}::uuid AND c.id = n.id`
      record({
        action: 'category.order',
        // No category has this slug: the order is a thing of the workspace.
        target: { kind: 'category', id: actor.workspaceId, name: 'order' },
        before: { slugs: before.map(({ slug }) => slug) },
        after: { slugs },
      })
    }
    return { categories: ordered.map(categoryOf) }
  })
}

function namedTwice(index: number) {
  const message = 'is named twice'
  return appError('unprocessable', 'A category is named twice.', {
    details: [{ path: ['slugs', index], code: 'repeated', message }],
  })
}

function otherCategories(missing: string[], unknown: string[]) {
  const parts = [
    ...(missing.length > 0 ? [`not named: ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`not there: ${unknown.join(', ')}`] : []),
  ]
  return appError(
    'conflict',
    `The list is not that of all categories (${parts.join('; ')}). Read them again.`,
    {
      extra: { missing, unknown },
    },
  )
}
