import type { Tx } from '../db/client.ts'
import type { ListScope } from '../db/notice.ts'
import { appError } from '../errors.ts'
import type { Category } from './schema.ts'

/** A category's row, locked by the transaction that read it. */
export interface StoredCategory extends Omit<Category, 'prompt_count'> {
  id: string
  prompt_count: number
  /** Prompts that point here, archived ones included. */
  held: number
}

/**
 * Reads a category and locks it until the transaction ends.
 * @throws not_found
 */
export async function lockCategory(tx: Tx, workspaceId: string, slug: string): Promise<StoredCategory> {
  const [row] = await tx.$queryRaw<StoredCategory[]>`
    SELECT c.id, c.slug, c.name, c.description, c.color, c.position,
      (SELECT count(*)::integer FROM prompt_template p WHERE p.workspace_id = c.workspace_id
        AND p.category_id = c.id AND p.archived_at IS NULL) AS prompt_count,
      (SELECT count(*)::integer FROM prompt_template p WHERE p.workspace_id = c.workspace_id
        AND p.category_id = c.id) AS held
    FROM category c WHERE c.workspace_id = ${workspaceId}::uuid AND c.slug = ${slug} FOR UPDATE OF c`
  if (row === undefined) throw noCategory(slug)
  return row
}

/** The error for a slug that no category has. */
function noCategory(slug: string) {
  return appError('not_found', `There is no category "${slug}".`)
}

/** The error for a slug that another category has. */
export function slugTaken(slug: string) {
  return appError('conflict', `A category "${slug}" exists already.`, {
    details: [{ path: ['slug'], code: 'slug_taken', message: 'is taken by another category' }],
  })
}

/** What callers see of a row. */
export function categoryOf({
  slug,
  name,
  description,
  color,
  position,
  prompt_count,
}: StoredCategory): Category {
  return { slug, name, description, color, position, prompt_count }
}

/** What the audit log keeps of a category. */
export function auditFacts({ slug, name, description, color, position }: Omit<Category, 'prompt_count'>) {
  return { slug, name, description, color, position }
}

/** The lists in which a category itself is shown: it is a resource. */
export function resourceScopes(...slugs: string[]): ListScope[] {
  return slugs.map((category) => ({ list: 'resources', label: null, category }))
}

/** Every list of a category's prompts, when its slug changes. */
export function allScopes(...slugs: string[]): ListScope[] {
  return slugs.flatMap((category) =>
    (['prompts', 'tools', 'resources'] as const).map((list) => ({ list, label: null, category })),
  )
}
