'use client'

import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import type { ImportSummary } from '#lib/transfer/schema.ts'
import { countWords } from './count-words.ts'
import { useUndoImport } from './use-undo-import.ts'

/** Asks before an import is taken back, and says what that does. */
export function UndoDialog({
  of: { id, origin, counts },
  beside,
  onClose,
}: {
  of: Pick<ImportSummary, 'id' | 'origin' | 'counts'>
  /** What stays when the button that asked is gone: it gets the focus. */
  beside: () => HTMLElement | null | undefined
  onClose: () => void
}) {
  const undo = useUndoImport()
  const close = () => {
    onClose()
    // The dialog gives the focus back in the next frame, where the button is still there.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) beside()?.focus()
      }),
    )
  }
  return (
    <QuestionDialog title="Undo this import?" action="Undo the import" onDo={() => undo(id)} onClose={close}>
      <p className="[overflow-wrap:anywhere]">
        {origin}: {countWords(counts)}.
      </p>
      <p>
        Prompts that it made go to the archive, those that it changed get a version with what was there
        before, and labels move back. Nothing is deleted.
      </p>
    </QuestionDialog>
  )
}
