'use client'

import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { addPasskey, passkeyFault } from '#components/sign-in/passkey.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { showToast } from '#components/ui/toast.ts'
import { send } from '#lib/rest/client.ts'
import { deviceWords } from './device-words.ts'
import { ME, type OwnPasskey, PASSKEYS } from './queries.ts'

const NAME_LENGTH = 100

/** Both lists change with a passkey: that of passkeys, and what one can sign in with. */
function useRefresh() {
  const queries = useQueryClient()
  return () => Promise.all([PASSKEYS, ME].map((queryKey) => queries.invalidateQueries({ queryKey })))
}

/** Asks for a name, and has the browser make a passkey. */
export function AddDialog({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh()
  const form = useForm({
    values: () => ({ name: deviceWords(navigator.userAgent) }),
    send: async ({ name }) => {
      try {
        await addPasskey(name.trim())
      } catch (error) {
        throw error instanceof DOMException ? new Error(passkeyFault(error) ?? 'It was given up.') : error
      }
      await refresh()
      onClose()
      showToast({ message: 'The passkey is added.' })
    },
  })
  return (
    <FormDialog title="Add a passkey" form={form} action="Go on" onClose={onClose}>
      <TextField
        form={form}
        field="name"
        label="Name"
        hint="By which you tell it from others. Your browser asks for the rest."
        maxLength={NAME_LENGTH}
        ref={focusAtOnce}
      />
    </FormDialog>
  )
}

/** Takes another name for a passkey. */
export function RenameDialog({ passkey, onClose }: { passkey: OwnPasskey; onClose: () => void }) {
  const refresh = useRefresh()
  const form = useForm({
    values: { name: passkey.name },
    send: async ({ name }) => {
      await send('POST /api/auth/passkey/update-passkey', { body: { id: passkey.id, name: name.trim() } })
      await refresh()
      onClose()
    },
  })
  return (
    <FormDialog title="Rename the passkey" form={form} action="Save" onClose={onClose}>
      <TextField form={form} field="name" label="Name" maxLength={NAME_LENGTH} ref={focusAtOnce} />
    </FormDialog>
  )
}

/** Asks before a passkey is removed. */
export function RemoveDialog({ passkey, onClose }: { passkey: OwnPasskey; onClose: () => void }) {
  const refresh = useRefresh()
  const remove = async () => {
    await send('POST /api/auth/passkey/delete-passkey', { body: { id: passkey.id } })
    await refresh()
    showToast({ message: `“${passkey.name}” is removed.` })
  }
  return (
    <QuestionDialog title={`Remove ${passkey.name}`} action="Remove" onDo={remove} onClose={onClose}>
      <p>It signs you in no more. Your device may still offer it: remove it there, too.</p>
    </QuestionDialog>
  )
}
