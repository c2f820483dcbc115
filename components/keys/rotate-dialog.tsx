'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { OVERLAP_HOURS } from '#lib/keys/rules.ts'
import type { ApiKey, NewApiKey } from '#lib/keys/schema.ts'
import { call } from '#lib/rest/client.ts'
import { OVERLAPS } from './key-words.ts'
import { MadeKey } from './made-key.tsx'
import { KEYS } from './queries.ts'

/** Gives a key a new text, while the old one goes on working for a while. */
export function RotateDialog({
  apiKey,
  address,
  onClose,
}: {
  apiKey: ApiKey
  address: string
  onClose: () => void
}) {
  const { id, name } = apiKey
  const queries = useQueryClient()
  const [made, setMade] = useState<NewApiKey>()
  const form = useForm({
    values: { overlap: String(OVERLAP_HOURS.usual) },
    send: async ({ overlap }) => {
      const body = { overlap_hours: Number(overlap) }
      setMade(await call('POST /api/keys/{id}/rotate', { params: { id }, body }))
      await queries.invalidateQueries({ queryKey: KEYS })
    },
  })
  if (made) return <MadeKey made={made} address={address} onClose={onClose} />
  return (
    <FormDialog title={`Rotate ${name}`} form={form} action="Make the new text" onClose={onClose}>
      <p className="text-ink-soft text-sm">
        The key gets a new text, shown once. Rights, label and name stay. Put the new text where the old one
        is used while both work.
      </p>
      <SelectField form={form} field="overlap" label="The old text works for" choices={OVERLAPS} />
    </FormDialog>
  )
}
