'use client'

import { useQuery } from '@tanstack/react-query'
import { Fingerprint } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { meQuery } from '#components/account/queries.ts'
import { Button } from '#components/ui/button.tsx'
import { CodeEntry, plainCode } from './code-step.tsx'
import { EmailField, EntryForm, PasswordField } from './entry-form.tsx'
import { Or, SingleSignOn } from './first-step.tsx'
import { hasPasskeys, passkeyFault, proveByPasskey } from './passkey.ts'
import { noteReach, proveAgain, type Ways } from './requests.ts'
import { useProofEntry } from './use-proof-entry.ts'
import { WRONG_CODE } from './words.ts'

const never = () => () => undefined

/** Has the person of the session prove again who they are, by any way that they have. */
export function Prove({ ways, onProved }: { ways: Ways; onProved: () => void }) {
  const me = useQuery(meQuery)
  const passkeysWork = useSyncExternalStore(never, hasPasskeys, () => false)
  const [isByCode, setByCode] = useState(false)
  const [fault, setFault] = useState<string>()
  const person = me.data?.person
  if (!person) return null
  const hasPassword = ways.password && person.has_password
  const byPasskey = async () => {
    setFault(undefined)
    try {
      await proveByPasskey()
      onProved()
    } catch (error) {
      noteReach(error)
      setFault(passkeyFault(error))
    }
  }
  const others = [
    passkeysWork && ways.passkey && person.passkeys > 0 && (
      <Button key="passkey" className="h-10" onPress={() => void byPasskey()}>
        <Fingerprint aria-hidden="true" />
        Use a passkey
      </Button>
    ),
    ways.single_sign_on && (
      <SingleSignOn key="single" isInDialog next={AFTER} way={ways.single_sign_on} onFault={setFault} />
    ),
    hasPassword && person.second_factor && (
      <Button key="code" look="quiet" onPress={() => setByCode(!isByCode)}>
        {isByCode ? 'Use the password' : 'Use a code of the authenticator app'}
      </Button>
    ),
  ].filter(Boolean)
  return (
    <div className="mt-6 flex flex-col gap-5">
      {hasPassword && !isByCode && <PasswordProof email={person.email} onProved={onProved} />}
      {person.second_factor && (isByCode || !hasPassword) && <CodeProof onProved={onProved} />}
      {(hasPassword || person.second_factor) && others.length > 0 && <Or />}
      {others}
      {fault && (
        <p role="alert" className="text-rubric text-sm">
          {fault}
        </p>
      )}
    </div>
  )
}

/** Where single sign-on comes back to in the window that it has of its own. */
export const AFTER = '/sign-in?done'

function PasswordProof({ email, onProved }: { email: string; onProved: () => void }) {
  const entry = useProofEntry(
    { email, password: '' },
    async ({ password }) => {
      await proveAgain({ password })
      onProved()
    },
    { refused: 'The password is wrong.', isFocused: true },
  )
  const { secret } = entry
  return (
    <EntryForm entry={entry} action="/api/auth/fresh" label="Confirm" sendingLabel="Confirming…">
      <EmailField entry={entry} own={email} />
      <PasswordField
        entry={entry}
        field="password"
        label="Password"
        autoComplete="current-password"
        ref={secret}
        required
      />
    </EntryForm>
  )
}

function CodeProof({ onProved }: { onProved: () => void }) {
  const entry = useProofEntry(
    { code: '' },
    async ({ code }) => {
      await proveAgain({ code: plainCode(code) })
      onProved()
    },
    { refused: WRONG_CODE, isFocused: true },
  )
  return <CodeEntry entry={entry} action="/api/auth/fresh" />
}
