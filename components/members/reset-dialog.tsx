'use client'

import { useState } from 'react'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { ShownOnce } from '#components/ui/copying/shown-once.tsx'
import { formatMoment } from '#components/ui/format.ts'
import { ShownOnceDialog } from '#components/ui/overlays/shown-once-dialog.tsx'
import type { Member, ResetLink } from '#lib/people/schema.ts'
import { call } from '#lib/rest/client.ts'

/** Makes a link by which a member sets a new password, and shows it once. */
export function ResetDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { id, name, email } = member
  const [link, setLink] = useState<ResetLink>()
  if (link)
    return (
      <ShownOnceDialog title={`Reset link for ${name}`} onClose={onClose}>
        <p className="mb-3 text-ink-soft text-sm">
          Give it to {email} on a safe way. It is shown this once, works once, and until{' '}
          {formatMoment(link.expires_at)}.
        </p>
        <ShownOnce name="Reset link" text={link.url} />
      </ShownOnceDialog>
    )
  return (
    <QuestionDialog
      title={`Reset the password of ${name}`}
      action="Make the link"
      onDo={async () => {
        setLink(await call('POST /api/members/{id}/reset', { params: { id } }))
        return false
      }}
      onClose={onClose}
    >
      <p>
        Whoever has the link sets a new password for {email}. Using it signs {name} out everywhere; the second
        factor stays on.
      </p>
    </QuestionDialog>
  )
}
