'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { showToast } from '#components/ui/toast.ts'
import { EMAIL_LENGTH, NAME_LENGTH } from '#lib/people/rules.ts'
import { call, send } from '#lib/rest/client.ts'
import { ME } from './queries.ts'

/** Takes another name. */
export function NameDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const queries = useQueryClient()
  const router = useRouter()
  const form = useForm({
    values: { name },
    send: async (values) => {
      queries.setQueryData(ME, await call('PATCH /api/me', { body: values }))
      onClose()
      // The frame around the page shows it, too.
      router.refresh()
    },
  })
  return (
    <FormDialog title="Your name" form={form} action="Save" onClose={onClose}>
      <TextField
        form={form}
        field="name"
        label="Name"
        autoComplete="name"
        maxLength={NAME_LENGTH}
        ref={focusAtOnce}
      />
    </FormDialog>
  )
}

/** Takes another e-mail address. */
export function EmailDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const queries = useQueryClient()
  const router = useRouter()
  const form = useForm({
    values: { newEmail: email },
    send: async ({ newEmail }) => {
      const wanted = newEmail.trim().toLowerCase()
      await send('POST /api/auth/change-email', { body: { newEmail: wanted } })
      const me = await call('GET /api/me', {})
      queries.setQueryData(ME, me)
      onClose()
      router.refresh()
      const isChanged = me.person?.email === wanted
      showToast(
        isChanged
          ? { message: `You sign in as ${wanted} from now on.` }
          : {
              message: 'A link is on its way to the new address.',
              detail: 'The change holds when you open it.',
            },
      )
    },
  })
  return (
    <FormDialog title="Your e-mail" form={form} action="Save" onClose={onClose}>
      <TextField
        form={form}
        field="newEmail"
        label="New e-mail"
        type="email"
        hint="You sign in with it. Where this server sends mail, a link there confirms it first."
        autoComplete="email"
        maxLength={EMAIL_LENGTH}
        ref={focusAtOnce}
      />
    </FormDialog>
  )
}
