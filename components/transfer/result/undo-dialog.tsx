'use client'

import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import type { ImportSummary } from '#lib/transfer/schema.ts'
import { countWords } from './count-words.ts'
import { useUndoImport } from './use-undo-import.ts'

/** Asks before an import is taken back, and says what that does. */
export function UndoDialog({
  of: { id, origin, counts },
  onClose,
}: {
  of: Pick<ImportSummary, 'id' | 'origin' | 'counts'>
  onClose: () => void
}) {
  const undo = useUndoImport()
  return (
    <QuestionDialog
      title="Undo this import?"
      action="Undo the import"
      onDo={() => undo(id)}
      onClose={onClose}
    >
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
