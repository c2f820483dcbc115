import type { Use, UsesPage } from '#lib/usage/use-schema.ts'

/** Uses that a live list keeps above its pages; when more have come, it is read anew. */
const MOST_LIVE = 1000
const PAGE = 200

/** What was written since the list was read. */
export interface Fresh {
  items: Use[]
  /** Asks for what comes next. */
  tail: string
}

/** One page of what was written since `after`. */
export type AskSince = (given: { after: string; cursor?: string; limit: number }) => Promise<UsesPage>

/**
 * Reads all that was written since, page by page; what comes again is left out.
 * @returns undefined: more than a live list keeps has come
 */
export async function readSince(ask: AskSince, before: Fresh): Promise<Fresh | undefined> {
  const items = new Map(before.items.map((use) => [use.id, use]))
  let tail: string | undefined
  let cursor: string | null = null
  do {
    const given = { after: before.tail, limit: PAGE, ...(cursor !== null && { cursor }) }
    const page: UsesPage = await ask(given)
    for (const use of page.items) items.set(use.id, use)
    // What is written while further pages are read is no part of them.
    tail ??= page.tail
    cursor = page.next_cursor
    if (items.size > MOST_LIVE) return undefined
  } while (cursor !== null)
  return { items: [...items.values()], tail }
}

/** Pages and what came since as one list, newest first, each use once. */
export function mergeUses(fresh: readonly Use[], older: readonly Use[]): Use[] {
  if (fresh.length === 0) return [...older]
  const all = new Map([...older, ...fresh].map((use) => [use.id, use]))
  return [...all.values()].toSorted((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1))
}

function placeOf({ occurred_at, id }: Use): string {
  return `${occurred_at} ${id}`
}
