'use client'

import { AUTHORIZATION_HEADER } from '#lib/webhooks/rules.ts'
import { CheckList } from './check-list.tsx'
import { TextField } from './text-field.tsx'
import type { Form } from './use-form.ts'

/** What a form holds of a header that is kept sealed. */
export interface AuthorizationValues {
  /** A new one; empty: what is there stays. */
  authorization: string
  /** Holds `taken` when what is there goes. */
  taken: string[]
}

export const NO_AUTHORIZATION: AuthorizationValues = { authorization: '', taken: [] }

/** The member of a request: a new value, null to take it away, nothing to keep it. */
export function authorizationBody({ authorization, taken }: AuthorizationValues): {
  authorization?: string | null
} {
  if (authorization.trim() !== '') return { authorization: authorization.trim() }
  return taken.length > 0 ? { authorization: null } : {}
}

/** A header that is stored sealed and never shown: it can be replaced or taken away. */
export function AuthorizationField({
  form,
  hint,
  isThere,
}: {
  form: Pick<Form<AuthorizationValues>, 'id' | 'values' | 'faults' | 'set'>
  hint: string
  /** Whether there is one already. */
  isThere: boolean
}) {
  return (
    <>
      <TextField
        form={form}
        field="authorization"
        label="Authorization"
        hint={isThere ? `${hint} One is stored; left empty it stays.` : hint}
        type="password"
        autoComplete="off"
        maxLength={AUTHORIZATION_HEADER.most}
      />
      {isThere && (
        <CheckList
          id={`${form.id}-taken`}
          legend="The one that is stored"
          items={[{ id: 'taken', label: 'Take it away' }]}
          ticked={form.values.taken}
          onChange={(taken) => form.set({ taken })}
        />
      )}
    </>
  )
}
