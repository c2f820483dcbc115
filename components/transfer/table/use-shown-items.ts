'use client'

import { useMemo, useState } from 'react'
import type { ImportItem } from '#lib/transfer/schema.ts'
import { keyOf } from '../plan/item-plan.ts'
import { filtersOf, type ItemFilter, inOrder, narrowed } from '../plan/sorted-items.ts'

interface View {
  filter: ItemFilter
  search: string
  /** The keys of the rows in their order. They stay while one edits: a row that is mended does not go away. */
  keys: readonly string[]
}

/**
 * The rows of an import's table: sorted and narrowed by the answer of the moment in which that was asked for, showing
 * the newest.
 */
export function useShownItems(items: readonly ImportItem[]) {
  const byKey = useMemo(() => new Map(items.map((item) => [keyOf(item), item])), [items])
  const order = (filter: ItemFilter, search: string) => narrowed(inOrder(items), filter, search).map(keyOf)
  const [view, setView] = useState<View>(() => ({ filter: 'all', search: '', keys: order('all', '') }))
  // Another format finds other items: those that came are added, those that went are left out.
  const keys = useMemo(() => {
    const there = view.keys.filter((key) => byKey.has(key))
    if (view.filter !== 'all' || view.search !== '' || there.length === byKey.size) return there
    const known = new Set(there)
    return [
      ...there,
      ...inOrder(items)
        .map(keyOf)
        .filter((key) => !known.has(key)),
    ]
  }, [view, byKey, items])
  const show = (filter: ItemFilter, search: string) =>
    setView({ filter, search, keys: order(filter, search) })
  return {
    keys,
    itemOf: (key: string) => byKey.get(key),
    filters: useMemo(() => filtersOf(items), [items]),
    filter: view.filter,
    search: view.search,
    setFilter: (filter: ItemFilter) => show(filter, view.search),
    setSearch: (search: string) => show(view.filter, search),
  }
}
