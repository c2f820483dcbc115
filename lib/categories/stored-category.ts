import type { ListScope } from '../db/changes/notice.ts'
import type { Tx } from '../db/client.ts'
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
  const [row] = await lockCategories(tx, workspaceId, [slug], slug)
  if (row === undefined) throw noCategory(slug)
  return row
}

/**
 * Locks those of the categories that there are, always in the order of their ids. Prompts may still come
 * into them, but not into the one that is `closed`, which is to be deleted or to get another slug.
 */
export async function lockCategories(
  tx: Tx,
  workspaceId: string,
  slugs: readonly string[],
  closed?: string,
): Promise<StoredCategory[]> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM category WHERE workspace_id = ${workspaceId}::uuid AND slug = ANY (${slugs}::text[])
    ORDER BY id FOR NO KEY UPDATE`
  if (closed !== undefined)
    await tx.$queryRaw`SELECT id FROM category
      WHERE workspace_id = ${workspaceId}::uuid AND slug = ${closed} FOR UPDATE`
  // Counted by a statement of its own: one that waited for a lock counts what was there before.
  return tx.$queryRaw<StoredCategory[]>`
    SELECT c.id, c.slug, c.name, c.description, c.color, c.position,
      coalesce(counted.active, 0) AS prompt_count, coalesce(counted.held, 0) AS held
    FROM category c LEFT JOIN (
      SELECT p.category_id, count(*)::integer AS held,
        (count(*) FILTER (WHERE p.archived_at IS NULL))::integer AS active
      FROM prompt_template p
      WHERE p.workspace_id = ${workspaceId}::uuid AND p.category_id = ANY (${locked.map(({ id }) => id)}::uuid[])
      GROUP BY p.category_id
    ) counted ON counted.category_id = c.id
    WHERE c.workspace_id = ${workspaceId}::uuid AND c.id = ANY (${locked.map(({ id }) => id)}::uuid[])
      AND c.slug = ANY (${slugs}::text[])`
}

/** The slugs of all categories. */
export async function allSlugs(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await tx.category.findMany({ where: { workspace_id: workspaceId }, select: { slug: true } })
  return rows.map((row) => row.slug)
}

/** The error for a slug that no category has. */
export function noCategory(slug: string) {
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

/** Colors that are told apart at a glance, also on dark ground; given out in turn. */
const PALETTE = ['#2f6fde', '#0d8a72', '#b45309', '#9333c9', '#c22f5d', '#4d7c0f', '#0e7490', '#6b5bd2']

/** The color of a category that says none, by how many there are. */
export function colorAt(place: number): string {
  return PALETTE[place % PALETTE.length] ?? '#2f6fde'
}
