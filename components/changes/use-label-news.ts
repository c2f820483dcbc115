'use client'

import { showToast } from '#components/ui/toast.ts'
import { useChanges } from './changes-provider.tsx'
import { type LabelMove, labelMoves, moveWords } from './label-news.ts'

/**
 * Says when somebody else moves a label of a prompt that is shown, and who it was.
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
