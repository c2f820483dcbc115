'use client'

import { useQueryClient } from '@tanstack/react-query'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { formatMoment } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import type { PoisonedMessage } from '#lib/health/system-schema.ts'
import { call } from '#lib/rest/client.ts'
import { systemQuery } from './queries.ts'

/** Asks before a message is given up. */
export function DropDialog({ message, onClose }: { message: PoisonedMessage; onClose: () => void }) {
  const { id, name, subject, tries, written_at: writtenAt } = message
  const queries = useQueryClient()
  const drop = async () => {
    await call('DELETE /api/system/outbox/{id}', { params: { id } })
    await queries.invalidateQueries({ queryKey: systemQuery.queryKey })
    showToast({ message: `${name} is given up.` })
  }
  return (
    <QuestionDialog title="Give this message up" action="Give up" onDo={drop} onClose={onClose}>
      <p>
        {name} about {subject}, of {formatMoment(writtenAt)}, was refused {tries} times. It will never be
        sent; later messages about the same go out. The audit log keeps that it was given up.
      </p>
    </QuestionDialog>
  )
}
