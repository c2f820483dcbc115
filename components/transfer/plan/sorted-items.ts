import { ITEM_ACTIONS, type ItemAction } from '#lib/transfer/rules.ts'
import type { ImportItem } from '#lib/transfer/schema.ts'

/** The order and the filters of the table of an import. Pure. */

/** What the table can be narrowed to. */
export type ItemFilter = 'all' | 'noted' | ItemAction

export const ACTION_WORDS: Record<ItemAction, string> = {
  create: 'New',
  version: 'New version',
  unchanged: 'Unchanged',
  skipped: 'Left out',
  conflict: 'Name taken',
  refused: 'Refused',
}

const PROBLEMS: ReadonlySet<ItemAction> = new Set(['refused', 'conflict'])

export function isProblem({ action }: Pick<ImportItem, 'action'>): boolean {
  return PROBLEMS.has(action)
}

/** Problems first, then what somebody should read, then the rest; each in the order in which it came. */
export function inOrder(items: readonly ImportItem[]): ImportItem[] {
  const rank = (item: ImportItem) => {
    if (item.action === 'refused') return 0
    if (item.action === 'conflict') return 1
    return item.notes.length > 0 ? 2 : 3
  }
  return items.toSorted((one, other) => rank(one) - rank(other))
}

/** The items that a filter and a search leave; the search looks into name, title, path and notes. */
export function narrowed(items: readonly ImportItem[], filter: ItemFilter, search: string): ImportItem[] {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter((item) => {
    if (filter === 'noted' ? item.notes.length === 0 : filter !== 'all' && item.action !== filter)
      return false
    if (words.length === 0) return true
    const { name, title, source, notes } = item
    const text = [name, title, source.path, source.entry ?? '', ...notes.map(({ message }) => message)]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The filters that hold something, with how many, in the order of the table. */
export function filtersOf(items: readonly ImportItem[]): { id: ItemFilter; name: string; count: number }[] {
  const counts = new Map<ItemFilter, number>([['all', items.length]])
  for (const { action, notes } of items) {
    counts.set(action, (counts.get(action) ?? 0) + 1)
    if (notes.length > 0) counts.set('noted', (counts.get('noted') ?? 0) + 1)
  }
  const order: ItemFilter[] = ['all', 'refused', 'conflict', 'noted', ...ITEM_ACTIONS.slice(0, 4)]
  return order.flatMap((id) => {
    const count = counts.get(id) ?? 0
    return count === 0 ? [] : [{ id, name: nameOf(id), count }]
  })
}

function nameOf(filter: ItemFilter): string {
  if (filter === 'all') return 'All'
  return filter === 'noted' ? 'With notes' : ACTION_WORDS[filter]
}
