'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { CategoriesField, categoriesFault } from '#components/access/categories-field.tsx'
import { usePerson } from '#components/access/person.tsx'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { ShownOnce } from '#components/ui/copying/shown-once.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { formatMoment } from '#components/ui/format.ts'
import { ShownOnceDialog } from '#components/ui/overlays/shown-once-dialog.tsx'
import type { Role } from '#lib/access/rules.ts'
import { EMAIL_LENGTH } from '#lib/people/rules.ts'
import type { NewInvitation } from '#lib/people/schema.ts'
import { call } from '#lib/rest/client.ts'
import { INVITATIONS } from './queries.ts'
import { roleChoices } from './role-choices.ts'

/** Invites somebody by e-mail, and shows the link once. */
export function InviteDialog({ email, onClose }: { email?: string | undefined; onClose: () => void }) {
  const [made, setMade] = useState<NewInvitation>()
  return made ? (
    <Made invitation={made} onClose={onClose} />
  ) : (
    <Ask email={email} onMade={setMade} onClose={onClose} />
  )
}

function Ask({
  email = '',
  onMade,
  onClose,
}: {
  /** Of somebody who was a member before. */
  email?: string | undefined
  onMade: (made: NewInvitation) => void
  onClose: () => void
}) {
  const { role } = usePerson()
  const queries = useQueryClient()
  const form = useForm<{ email: string; role: Role; categories: readonly string[] | null }>({
    values: { email, role: 'editor', categories: null },
    check: (values) => ({
      email: /^\S+@\S+$/.test(values.email.trim()) ? undefined : 'Give the e-mail address of the person.',
      categories: categoriesFault(values),
    }),
    send: async ({ email, role, categories }) => {
      const body = { email: email.trim(), role, ...(categories && { categories: [...categories] }) }
      onMade(await call('POST /api/invitations', { body }))
      await queries.invalidateQueries({ queryKey: INVITATIONS })
    },
  })
  return (
    <FormDialog title="Invite somebody" form={form} action="Invite" onClose={onClose}>
      <TextField
        form={form}
        field="email"
        label="E-mail"
        type="email"
        maxLength={EMAIL_LENGTH}
        hint="The invitation is for this address alone."
        ref={focusAtOnce}
      />
      <SelectField form={form} field="role" label="Role" choices={roleChoices(role)} />
      <CategoriesField form={form} />
    </FormDialog>
  )
}

function Made({ invitation, onClose }: { invitation: NewInvitation; onClose: () => void }) {
  const { email, expires_at: until, url, mailed } = invitation
  return (
    <ShownOnceDialog title={`Invitation for ${email}`} onClose={onClose}>
      <p className="mb-3 text-ink-soft text-sm">
        {mailed
          ? `The link is on its way to ${email}. You can also give it to them yourself.`
          : `No mail is sent from here: give the link to ${email} yourself.`}{' '}
        It is shown this once, works once, and until {formatMoment(until)}.
      </p>
      <ShownOnce name="Invitation link" text={url} />
    </ShownOnceDialog>
  )
}
