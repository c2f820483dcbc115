'use client'

import { useQueryClient } from '@tanstack/react-query'
import { EmailField, EntryForm, PasswordField, useEntry } from '#components/sign-in/entry-form.tsx'
import { NewPasswordField } from '#components/sign-in/new-password.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { Me } from '#lib/people/schema.ts'
import { send } from '#lib/rest/client.ts'
import { ME, SESSIONS } from './queries.ts'

/** Takes a new password, with the present one where there is one. */
export function PasswordDialog({
  person,
  onClose,
}: {
  person: NonNullable<Me['person']>
  onClose: () => void
}) {
  const queries = useQueryClient()
  const { email, has_password: hasOne } = person
  const entry = useEntry(
    { email, currentPassword: '', newPassword: '' },
    async ({ currentPassword, newPassword }) => {
      await send('POST /api/auth/change-password', {
        body: { newPassword, ...(hasOne && { currentPassword }) },
      })
      onClose()
      showToast({ message: 'The new password holds. Your other sessions have ended.' })
      await Promise.all([ME, SESSIONS].map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
  )
  return (
    <Dialog
      title={hasOne ? 'Change the password' : 'Set a password'}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <EntryForm
        entry={entry}
        action="/api/auth/change-password"
        label="Save"
        sendingLabel="Saving…"
        onCancel={onClose}
      >
        <EmailField entry={entry} own={email} />
        {hasOne && (
          <PasswordField
            entry={entry}
            field="currentPassword"
            label="Present password"
            autoComplete="current-password"
            ref={focusAtOnce}
            required
          />
        )}
        <NewPasswordField entry={entry} field="newPassword" label="New password" />
      </EntryForm>
    </Dialog>
  )
}
