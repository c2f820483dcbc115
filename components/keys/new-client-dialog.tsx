'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { SCOPE_WORDS } from '#components/access/rights-words.ts'
import { CheckList } from '#components/forms/check-list.tsx'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { ShownOnce } from '#components/ui/copying/shown-once.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { ShownOnceDialog } from '#components/ui/overlays/shown-once-dialog.tsx'
import { CLIENT_NAME_LENGTH, CLIENT_SCOPES } from '#lib/oauth/rules.ts'
import type { NewClient } from '#lib/oauth/schema.ts'
import { call } from '#lib/rest/client.ts'
import { CLIENTS } from './queries.ts'

/** Makes a client that is known before it asks: a service with a secret, or a program that people sign in with. */
export function NewClientDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewClient>()
  return made ? <Made made={made} onClose={onClose} /> : <Ask onMade={setMade} onClose={onClose} />
}

interface Values {
  name: string
  kind: 'service' | 'public'
  redirects: string
  scopes: readonly string[]
}

function Ask({ onMade, onClose }: { onMade: (made: NewClient) => void; onClose: () => void }) {
  const queries = useQueryClient()
  const form = useForm<Values>({
    values: { name: '', kind: 'service', redirects: '', scopes: ['prompts:read'] },
    check: ({ name, kind, redirects, scopes }) => ({
      name: name.trim() === '' ? 'Give it a name.' : undefined,
      redirects:
        kind === 'public' && redirects.trim() === '' ? 'Name where answers go, a line each.' : undefined,
      scopes: scopes.length === 0 ? 'Tick what it may do.' : undefined,
    }),
    send: async ({ name, kind, redirects, scopes }) => {
      const lines = redirects.split('\n').map((line) => line.trim())
      const body = {
        name: name.trim(),
        kind,
        scopes: CLIENT_SCOPES.filter((scope) => scopes.includes(scope)),
        ...(kind === 'public' && { redirect_uris: lines.filter((line) => line !== '') }),
      }
      onMade(await call('POST /api/clients', { body }))
      await queries.invalidateQueries({ queryKey: CLIENTS })
    },
  })
  return (
    <FormDialog title="Add a client" form={form} action="Add" isRoomy onClose={onClose}>
      <TextField form={form} field="name" label="Name" maxLength={CLIENT_NAME_LENGTH} ref={focusAtOnce} />
      <SelectField
        form={form}
        field="kind"
        label="What is it?"
        choices={[
          { id: 'service', label: 'A service', hint: 'Gets tokens by its own secret, without a person' },
          {
            id: 'public',
            label: 'A program of people',
            hint: 'Each signs in and allows it what it asks for',
          },
        ]}
      />
      {form.values.kind === 'public' && (
        <TextField
          form={form}
          field="redirects"
          label="Redirect addresses"
          rows={2}
          hint="A line each. On this machine any port will do."
        />
      )}
      <CheckList
        id={`${form.id}-scopes`}
        legend="What it may do"
        error={form.faults.scopes}
        items={CLIENT_SCOPES.map((scope) => ({ id: scope, label: SCOPE_WORDS[scope] }))}
        ticked={form.values.scopes}
        onChange={(scopes) => form.set({ scopes })}
      />
    </FormDialog>
  )
}

function Made({ made, onClose }: { made: NewClient; onClose: () => void }) {
  return (
    <ShownOnceDialog title="The client is made" onClose={onClose}>
      <h3 className="mb-2 font-medium text-sm">Client id</h3>
      <ShownOnce name="Client id" text={made.client_id} />
      {made.client_secret !== undefined && (
        <>
          <h3 className="mt-5 mb-2 font-medium text-sm">Client secret</h3>
          <ShownOnce name="Client secret" text={made.client_secret} />
          <p className="mt-2 text-ink-soft text-sm">
            The secret is shown this once, and nobody can read it again.
          </p>
        </>
      )}
    </ShownOnceDialog>
  )
}
