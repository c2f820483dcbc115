'use client'

import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { momentIn, wallClock } from '#components/spans/wall-clock.ts'
import { NOTE_LENGTH } from '#lib/notes/rules.ts'
import { call } from '#lib/rest/client.ts'

/** Asks what happened and when, and keeps it as a note about a prompt or everything. */
export function NoteDialog({
  prompt,
  zone,
  onClose,
}: {
  prompt: string | null
  zone: string
  onClose: () => void
}) {
  const queries = useQueryClient()
  const form = useForm({
    values: () => ({ text: '', at: wallClock(new Date(), zone) }),
    check: ({ text, at }) => ({
      text: text.trim() === '' ? 'Say what happened.' : undefined,
      at: momentIn(at, zone) === undefined ? 'Fill in day and time.' : undefined,
    }),
    send: async ({ text, at }) => {
      const moment = momentIn(at, zone)
      await call('POST /api/notes', {
        body: {
          text: text.trim(),
          ...(moment !== undefined && { at: moment.toISOString() }),
          ...(prompt !== null && { prompt }),
        },
      })
      await queries.invalidateQueries({ queryKey: ['notes'] })
      onClose()
    },
  })
  return (
    <FormDialog title="Add a note" form={form} action="Add the note" onClose={onClose}>
      <TextField form={form} field="text" label="What happened" maxLength={NOTE_LENGTH} rows={3} />
      <TextField form={form} field="at" label="When" type="datetime-local" hint={`${zone} time`} />
    </FormDialog>
  )
}
