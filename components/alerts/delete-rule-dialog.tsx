'use client'

import { useQueryClient } from '@tanstack/react-query'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { Rule } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { ALERTS } from './queries.ts'

/** Asks before a rule goes. */
export function DeleteRuleDialog({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const { id, name, etag } = rule
  const queries = useQueryClient()
  const remove = async () => {
    await call('DELETE /api/alerts/{id}', { params: { id }, ifMatch: etag })
    await queries.invalidateQueries({ queryKey: ALERTS })
    showToast({ message: `“${name}” is deleted.` })
  }
  return (
    <QuestionDialog title={`Delete ${name}`} action="Delete" onDo={remove} onClose={onClose}>
      <p>It watches no more. What it fired stays in the history.</p>
    </QuestionDialog>
  )
}
