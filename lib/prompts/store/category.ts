import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { alike } from '../../text.ts'

/**
 * The category of a slug, kept from being deleted until the transaction ends.
 * @throws unprocessable naming the slugs that there are
 */
export async function findCategory(
  tx: Tx,
  actor: Actor,
  slug: string | null,
): Promise<{ id: string; slug: string } | null> {
  if (slug === null) return null
  const workspace = { workspace_id: actor.workspaceId }
  const select = { id: true, slug: true }
  const [category] = await tx.$queryRaw<{ id: string; slug: string }[]>`
    SELECT id, slug FROM category WHERE workspace_id = ${actor.workspaceId}::uuid AND slug = ${slug} FOR KEY SHARE`
  if (category !== undefined) return category
  const all = await tx.category.findMany({
    where: workspace,
    select,
    orderBy: { position: 'asc' },
    take: 200,
  })
  const slugs = all.map((each) => each.slug)
  const message = `There is no category "${slug}"`
  const [near] = alike(slugs, slug)
  const meant = near === undefined ? '' : `Did you mean "${near}"? `
  const hint =
    slugs.length === 0 ? 'There are no categories yet' : `${meant}The categories are: ${slugs.join(', ')}`
  throw appError('unprocessable', `${message}. ${hint}.`, {
    details: [{ path: ['category'], code: 'unknown_category', message, hint }],
    extra: { categories: slugs },
  })
}
