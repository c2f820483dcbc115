'use client'

import { useQueryClient } from '@tanstack/react-query'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { formatMoment } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast.ts'
import type { ApiKey } from '#lib/keys/schema.ts'
import { call } from '#lib/rest/client.ts'
import { KEYS } from './queries.ts'

/** Asks before a key ends. */
export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { id, name, last_used_at: used } = apiKey
  const queries = useQueryClient()
  const revoke = async () => {
    await call('DELETE /api/keys/{id}', { params: { id } })
    await queries.invalidateQueries({ queryKey: KEYS })
    showToast({ message: `“${name}” is revoked.` })
  }
  return (
    <QuestionDialog title={`Revoke ${name}`} action="Revoke" onDo={revoke} onClose={onClose}>
      <p>
        Whoever uses it is refused everywhere within two seconds, open streams included. It cannot be taken
        back.
      </p>
      <p>{used === null ? 'It was never used.' : `It was last used ${formatMoment(used)}.`}</p>
    </QuestionDialog>
  )
}
