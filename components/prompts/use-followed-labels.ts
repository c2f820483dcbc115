'use client'

import { useMutationState } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { type LabelMove, useLabelNews, withMove } from '#components/changes/label-news.ts'
import type { ShownLabel } from './version-badges.tsx'

export interface MovedLabel {
  label: string
  version: number
}

/** By which the moves of one prompt's labels that this page makes are known. */
export const moveKey = (prompt: string) => ['move label', prompt] as const

/**
 * The labels of a prompt as they are now. One that is moved, here or by somebody else, shows before the
 * page has been read again.
 * @param saved as the server sent them
 */
export function useFollowedLabels(
  name: string,
  saved: readonly ShownLabel[],
): {
  labels: readonly ShownLabel[]
  /** Those that moved while the page was open. */
  moved: readonly string[]
} {
  const router = useRouter()
  const [news, setNews] = useState<{ since: typeof saved; moves: readonly LabelMove[] }>()
  useLabelNews(
    (prompt) => prompt === name,
    (moves) => {
      setNews((before) => ({
        since: saved,
        moves: [...(before?.since === saved ? before.moves : []), ...moves],
      }))
      router.refresh()
    },
  )
  const own = useOwnMoves(name, saved)
  const moved = news?.moves.map(({ label }) => label) ?? []
  // What the server has sent since then knows of it.
  const moves = [...(news?.since === saved ? news.moves : []), ...own]
  return { labels: moves.reduce<readonly ShownLabel[]>(withMove, saved), moved }
}

/** What this page moves: while it is asked for, and until the server has sent what became of it. */
function useOwnMoves(name: string, saved: readonly ShownLabel[]): MovedLabel[] {
  const made = useMutationState({
    filters: { mutationKey: moveKey(name) },
    select: ({ state }) => state,
  })
  const [known, setKnown] = useState({ saved, done: 0 })
  // Those that were done when these labels came are part of them.
  const done = made.filter(({ status }) => status === 'success').length
  if (known.saved !== saved) setKnown({ saved, done })
  const pending = made.filter(({ status }) => status === 'pending')
  const fresh = made.filter(({ status }) => status === 'success').slice(known.done)
  return [...fresh, ...pending].map(({ variables }) => variables as MovedLabel)
}
