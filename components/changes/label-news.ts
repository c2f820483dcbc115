'use client'

import { showToast } from '#components/ui/toast.ts'
import type { ChangeEvent } from '#lib/changes/schema.ts'
import { useChanges } from './changes-provider.tsx'

/** A label that somebody else set, moved or took away. */
export interface LabelMove {
  prompt: string
  label: string
  /** The version that it names now; null: the label is gone. */
  version: number | null
}

/** The labels that a change moved. */
export function labelMoves({ changes }: ChangeEvent): LabelMove[] {
  return changes.flatMap(({ kind, action, name, label, labels, version }) => {
    if (kind !== 'prompt') return []
    const moved = label === null ? labels : [label]
    const to = action === 'label.delete' ? null : version
    return moved.map((each) => ({ prompt: name, label: each, version: to }))
  })
}

/** Labels after a move, sorted by name as the server sorts them. */
export function withMove<L extends { label: string; version: number }>(
  labels: readonly L[],
  { label, version }: Pick<LabelMove, 'label' | 'version'>,
): (L | { label: string; version: number })[] {
  const others = labels.filter((each) => each.label !== label)
  if (version === null) return others
  const before = labels.find((each) => each.label === label)
  return [...others, { ...before, label, version }].toSorted((one, other) =>
    one.label < other.label ? -1 : 1,
  )
}

/** A sentence about the actor and the moves. */
export function moveWords(who: string, moves: readonly LabelMove[]): string {
  const [first] = moves
  if (first === undefined) return ''
  const { prompt, label, version } = first
  const what =
    version === null
      ? `took ${label} away from “${prompt}”`
      : `moved ${label} of “${prompt}” to version ${version}`
  return `${who} ${what}${moves.length > 1 ? `, and ${moves.length - 1} more` : ''}.`
}

/**
 * Shows a toast, with the actor, when somebody else moves a label of a prompt that is shown.
 * @param isShown whether a prompt of this name is on the page
 * @param onMoved brings what is shown up to date
 */
export function useLabelNews(
  isShown: (prompt: string) => boolean,
  onMoved?: (moves: readonly LabelMove[]) => void,
): void {
  useChanges((heard) => {
    if (heard.type !== 'change') return
    const moves = labelMoves(heard.change).filter(({ prompt }) => isShown(prompt))
    if (moves.length === 0) return
    showToast({ key: 'label moved', message: moveWords(heard.change.actor.display, moves) })
    onMoved?.(moves)
  })
}
