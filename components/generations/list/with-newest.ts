import type { GenerationPage } from '#lib/generations/schema.ts'
import { isFinished } from '#lib/generations/status.ts'

/**
 * The pages of a list, newest first, with what its beginning says now. undefined: all of them must be read, for more
 * than a page is new, or something further down is not done yet.
 */
export function withNewest(
  pages: readonly GenerationPage[],
  newest: GenerationPage,
): GenerationPage[] | undefined {
  const [first, ...others] = pages
  const last = newest.items.at(-1)
  if (first === undefined || last === undefined) return undefined
  const place = first.items.findIndex(({ id }) => id === last.id)
  if (place < 0) return undefined
  const rest = first.items.slice(place + 1)
  const below = [...rest, ...others.flatMap(({ items }) => items)]
  if (below.some(({ status }) => !isFinished(status))) return undefined
  return [{ items: [...newest.items, ...rest], next_cursor: first.next_cursor }, ...others]
}
