import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { appError } from './errors.ts'
import { parseJson } from './json.ts'
import type { Page, PageQuery } from './page.ts'
import { pageSize } from './page-size.ts'
import { CursorTime } from './time.ts'

/** The scope of a cursor: the list with its sort and filters. Two equal scopes share their cursors. */
export interface CursorScope {
  list: string
  sort?: string
  filters?: Record<string, string | number | boolean | null | undefined>
}

/** Where the next page starts: the sort key of the last item, its tiebreak last. */
export type CursorKey = (string | number | null)[]

/** Makes the opaque `next_cursor` of a page. */
export function encodeCursor(scope: CursorScope, key: CursorKey): string {
  return Buffer.from(JSON.stringify([seal(scope, key), ...key])).toString('base64url')
}

/**
 * Reads the position out of a cursor; undefined without one.
 * @param shape what the key must look like, so that what a caller made up never reaches a query
 * @throws invalid_input when it is not one of ours, or belongs to another sort or other filters
 */
export function decodeCursor<Shape extends z.ZodType<CursorKey>>(
  scope: CursorScope,
  shape: Shape,
  cursor: string | undefined,
): z.infer<Shape> | undefined {
  if (cursor === undefined) return undefined
  const key = shape.safeParse(readKey(cursor))
  // Made again and compared as text: one position has exactly one cursor.
  if (!key.success || encodeCursor(scope, key.data) !== cursor) throw badCursor()
  return key.data
}

/** A place in a list that is sorted by a time and then by ids. */
export const Position = z.tuple([CursorTime, z.uuid()])
export type Position = z.infer<typeof Position>

/**
 * A page of a list whose newest items come first.
 * @param timeOf what the list is sorted by
 * @param read reads `most` items after a place, or from the newest on: one more than the page has
 * @throws invalid_input (cursor, limit)
 */
export async function newestPage<Item extends { id: string }>(
  scope: CursorScope,
  input: PageQuery,
  timeOf: (item: Item) => string,
  read: (after: Position | undefined, most: number) => Promise<Item[]>,
): Promise<Page<Item>> {
  const limit = pageSize(input.limit)
  const items = await read(decodeCursor(scope, Position, input.cursor), limit + 1)
  const last = items.length > limit ? items[limit - 1] : undefined
  return {
    items: items.slice(0, limit),
    next_cursor: last === undefined ? null : encodeCursor(scope, [timeOf(last), last.id]),
  }
}

function readKey(cursor: string): unknown {
  try {
    const text = Buffer.from(cursor, 'base64url').toString('utf8')
    const parts = parseJson(text, { depth: 1 })
    return Array.isArray(parts) ? parts.slice(1) : undefined
  } catch {
    return undefined
  }
}

/** Ties the key to its list. It guards against mistakes, not against attacks: a key holds no secret. */
function seal(scope: CursorScope, key: CursorKey): string {
  const bound = canonicalize([scope.list, scope.sort ?? null, scope.filters ?? {}, key])
  return createHash('sha256')
    .update(bound ?? '')
    .digest('base64url')
    .slice(0, 12)
}

function badCursor() {
  const message = 'This cursor does not belong to this list with this sort and these filters.'
  return appError('invalid_input', message, {
    details: [
      {
        path: ['cursor'],
        code: 'invalid_cursor',
        message,
        hint: 'Leave the cursor out to start at the first page.',
      },
    ],
  })
}
