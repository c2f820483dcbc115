'use client'

import { Fingerprint, LogIn } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react'
import { Button } from '#components/ui/button.tsx'
import { problemOf } from '#lib/rest/client.ts'
import { EntryField, EntryForm, PasswordField } from './entry-form.tsx'
import { hasPasskeys, offerPasskeys, passkeyFault, signInByPasskey } from './passkey.ts'
import { beginSingleSignOn, noteReach, signIn } from './requests.ts'
import type { SignInProps } from './sign-in.tsx'
import { useProofEntry } from './use-proof-entry.ts'
import { FieldFault, WRONG_PASSWORD } from './words.ts'

/** E-mail and password, or one of the other ways. */
export function FirstStep(props: SignInProps & { note: string | undefined; onCodeWanted: () => void }) {
  const { ways, note } = props
  const [fault, setFault] = useState<string>()
  const passkeys = usePasskeys(props, setFault)
  const others = [
    ways.passkey && passkeys.areThere && (
      <Button key="passkey" className="h-10" onPress={passkeys.ask}>
        <Fingerprint aria-hidden="true" />
        Sign in with a passkey
      </Button>
    ),
    ways.single_sign_on && (
      <SingleSignOn key="single" {...props} way={ways.single_sign_on} onFault={setFault} />
    ),
  ].filter(Boolean)
  return (
    <div className="mt-8 flex flex-col gap-5">
      {note && (
        <p role="alert" className="rounded-md bg-rubric-wash px-3 py-2 text-sm">
          {note}
        </p>
      )}
      {ways.password && <PasswordForm {...props} />}
      {ways.password && others.length > 0 && <Or />}
      {others}
      {fault && (
        <p role="alert" className="text-rubric text-sm">
          {fault}
        </p>
      )}
    </div>
  )
}

function PasswordForm({ ways, email, onSignedIn, onCodeWanted }: Parameters<typeof FirstStep>[0]) {
  const entry = useProofEntry(
    { email: email ?? '', password: '' },
    async (values) => {
      if (!values.email.includes('@')) throw new FieldFault('email', 'This is no e-mail address.')
      if (await signIn(values.email.trim(), values.password)) onCodeWanted()
      else await onSignedIn()
    },
    { refused: WRONG_PASSWORD, isFocused: email !== undefined },
  )
  const { secret } = entry
  return (
    <EntryForm entry={entry} action="/api/auth/sign-in/email" label="Sign in" sendingLabel="Signing in…">
      <EntryField
        entry={entry}
        field="email"
        label="E-mail"
        type="email"
        autoComplete="username webauthn"
        readOnly={email !== undefined}
        defaultValue={email}
        required
      />
      <PasswordField
        entry={entry}
        field="password"
        label="Password"
        autoComplete="current-password"
        ref={secret}
        required
      />
      {ways.reset && email === undefined && (
        <p className="-mt-2 text-sm">
          <Link href="/reset" className="rounded text-lapis underline-offset-4 hover:underline">
            Forgot your password?
          </Link>
        </p>
      )}
    </EntryForm>
  )
}

/** Between the ways of signing in. */
export function Or() {
  return (
    <div aria-hidden="true" className="flex items-center gap-3 text-ink-faint text-xs">
      <span className="h-px flex-1 bg-line" />
      or
      <span className="h-px flex-1 bg-line" />
    </div>
  )
}

/** Goes to the provider, or opens it beside the page. */
export function SingleSignOn({
  way,
  next,
  isInDialog,
  invitation,
  onFault,
}: Pick<SignInProps, 'next' | 'isInDialog' | 'invitation'> & {
  way: { name: string; url: string }
  onFault: (words: string | undefined) => void
}) {
  const [isGoing, setGoing] = useState(false)
  const go = async () => {
    onFault(undefined)
    setGoing(true)
    // Opened at the press itself, or the browser blocks it; blocked all the same, this page goes there.
    const beside = isInDialog ? window.open('', '_blank', 'popup,width=520,height=720') : null
    try {
      const there = await beginSingleSignOn(way.url, next, invitation)
      ;(beside ?? window).location.assign(there)
    } catch (error) {
      beside?.close()
      noteReach(error)
      setGoing(false)
      const reason = error instanceof Error ? error.message : ''
      const isLink = problemOf(error)?.status === 404
      onFault(isLink ? reason : `${way.name} cannot be asked now. ${reason}`.trim())
    }
  }
  return (
    <Button className="h-10" isDisabled={isGoing} onPress={() => void go()}>
      <LogIn aria-hidden="true" />
      {isGoing ? `Going to ${way.name}…` : `Continue with ${way.name}`}
    </Button>
  )
}

const never = () => () => undefined

/** Passkeys beside the e-mail field from the beginning, and when they are asked for. */
function usePasskeys({ ways, email, onSignedIn }: SignInProps, onFault: (words: string | undefined) => void) {
  const areThere = useSyncExternalStore(never, hasPasskeys, () => true)
  const offer = useRef<AbortController>(undefined)
  const succeed = useEffectEvent(onSignedIn)
  // With the account given there is no field to offer them at.
  const isOffered = ways.passkey && ways.password && email === undefined
  useEffect(() => {
    if (!isOffered) return
    const stop = new AbortController()
    offer.current = stop
    // What fails here was not asked for; the button tells.
    const offerAndWait = async () => {
      if (await offerPasskeys(stop.signal)) await succeed()
    }
    offerAndWait().catch(() => undefined)
    return () => stop.abort()
  }, [isOffered])
  const ask = async () => {
    // The browser has one request for a passkey at a time.
    offer.current?.abort()
    onFault(undefined)
    try {
      await signInByPasskey()
      await onSignedIn()
    } catch (error) {
      noteReach(error)
      onFault(passkeyFault(error))
    }
  }
  return { areThere, ask: () => void ask() }
}
