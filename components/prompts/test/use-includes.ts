'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { part } from '#components/ui/part.ts'
import type { IncludeTree, IncludeUse } from '#lib/liquid/types.ts'

const loadReadIncludes = part(() => import('./read-includes.ts'))

/** The version that a reference of the text resolves to, for people to read. */
export interface UsedVersion {
  name: string
  version: number
}

export interface Includes {
  tree: IncludeTree
  versions: UsedVersion[]
  /** Known for every reference, or known to be absent. */
  isKnown: boolean
  /** The server could not tell. */
  error: string | undefined
}

const EMPTY: IncludeTree = new Map()

/**
 * Resolves the text's references.
 * @param pinned the versions that they resolve to in the saved version, when the text is that version's
 */
export function useIncludes(uses: readonly IncludeUse[], pinned: IncludeTree | undefined): Includes {
  const refs = [...new Set(uses.map(({ ref }) => ref))].toSorted()
  const isPinned = pinned !== undefined && refs.every((ref) => pinned.has(ref))
  const { data, error } = useQuery({
    queryKey: ['prompts', 'includes', refs],
    queryFn: async ({ signal }) => (await loadReadIncludes()).readIncludes(uses, signal),
    enabled: refs.length > 0 && !isPinned,
    staleTime: 30_000,
    retry: false,
  })
  const tree = isPinned ? pinned : (data ?? EMPTY)
  const versions = useMemo(() => versionsOf(tree), [tree])
  const isKnown = refs.length === 0 || isPinned || data !== undefined || error !== null
  return { tree, versions, isKnown, error: isPinned ? undefined : error?.message }
}

/** Every version that is included, directly or by another, once. */
function versionsOf(tree: IncludeTree, found = new Map<string, UsedVersion>()): UsedVersion[] {
  for (const { name, version, includes } of tree.values()) {
    const key = `${name}@${version}`
    if (found.has(key)) continue
    found.set(key, { name, version })
    versionsOf(includes, found)
  }
  return [...found.values()]
}
