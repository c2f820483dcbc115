'use client'

import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { showToast } from '#components/ui/toast.ts'

/** Asks before an entry goes, and reads its list again. */
export function DeleteDialog({
  name,
  list,
  onDelete,
  onClose,
  children,
}: {
  name: string
  /** The key of what is read again. */
  list: QueryKey
  onDelete: () => Promise<unknown>
  onClose: () => void
  /** What goes with it, and what stays. */
  children: ReactNode
}) {
  const queries = useQueryClient()
  const remove = async () => {
    await onDelete()
    await queries.invalidateQueries({ queryKey: list })
    showToast({ message: `“${name}” is deleted.` })
  }
  return (
    <QuestionDialog title={`Delete ${name}`} action="Delete" onDo={remove} onClose={onClose}>
      <p>{children}</p>
    </QuestionDialog>
  )
}
