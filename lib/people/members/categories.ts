import type { Role } from '../../access/rules.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { isAdmin } from '../policy.ts'

/** The ids of categories by their slugs. @throws unprocessable that names each unknown one */
export async function categoryIds(
  tx: Tx,
  workspaceId: string,
  slugs: readonly string[] | null,
): Promise<string[] | null> {
  if (slugs === null) return null
  const rows = await tx.$queryRaw<{ id: string; slug: string }[]>`SELECT id, slug FROM category
    WHERE workspace_id = ${workspaceId}::uuid AND slug = ANY (${slugs})`
  const ids = new Map(rows.map(({ slug, id }) => [slug, id]))
  const unknown = slugs.filter((slug) => !ids.has(slug))
  if (unknown.length > 0)
    throw appError('unprocessable', `There is no category "${unknown.join('", "')}".`, {
      details: unknown.map((slug) => ({
        path: ['categories', slugs.indexOf(slug)],
        code: 'unknown_category',
        message: `"${slug}" is no category`,
      })),
    })
  return [...ids.values()]
}

/**
 * Who manages members is limited to no categories: it could lift any limit of its own.
 * @throws unprocessable
 */
export function assertLimitFits(role: Role, categories: readonly string[] | null | undefined): void {
  if (!isAdmin(role) || categories === undefined || categories === null) return
  const message = 'An admin or owner cannot be limited to categories'
  throw appError('unprocessable', `${message}.`, {
    details: [
      { path: ['categories'], code: 'not_limited', message, hint: 'Leave them out, or choose another role.' },
    ],
  })
}
