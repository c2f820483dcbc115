'use client'

import { useEffect, useState } from 'react'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { NAME_LENGTH } from '#lib/people/rules.ts'
import { EmailField, EntryField, EntryForm, useEntry } from './entry-form.tsx'
import { Or, SingleSignOn } from './first-step.tsx'
import { NewPasswordField } from './new-password.tsx'
import { Lead } from './open-page.tsx'
import { acceptInvitation, type Invited, lookAtInvitation, type Ways } from './requests.ts'
import { SignIn } from './sign-in.tsx'
import { goOn } from './sign-in-here.tsx'
import { useSecret } from './use-secret.ts'
import { linkFault } from './words.ts'

const GONE =
  'This invitation was used already, has expired or was taken back. Ask whoever invited you for a new one.'

/** Shows what somebody is invited to, and takes what their account needs. */
export function Invitation({ ways }: { ways: Ways }) {
  const [token] = useSecret()
  const { invited, fault } = useInvited(token)
  if (token === null)
    return <Lead>An invitation is a link. Open the one that you were sent, or ask for it again.</Lead>
  if (fault !== undefined)
    return (
      <p role="alert" className="mt-3 text-ink-soft">
        {fault}
      </p>
    )
  if (invited === undefined || token === undefined) return <Skeleton className="mt-8 h-72" />
  return (
    <>
      <Lead>
        {invited.invited_by} invites you to{' '}
        <strong className="font-medium text-ink">{nameOf(invited.workspace)}</strong> as{' '}
        {article(invited.role)} <strong className="font-medium text-ink">{invited.role}</strong>.
      </Lead>
      {invited.has_account ? (
        <AcceptSignedIn ways={ways} token={token} email={invited.email} />
      ) : (
        <NewMember ways={ways} token={token} email={invited.email} />
      )}
    </>
  )
}

/** The workspace that every installation begins with has a name that says nothing to people. */
function nameOf(workspace: string): string {
  return workspace === 'default' ? 'Incipit' : workspace
}

function article(role: string): string {
  return /^[aeiou]/.test(role) ? 'an' : 'a'
}

/** What the invitation says; a fault that may pass is asked about again by a reload. */
function useInvited(token: string | null | undefined): { invited?: Invited; fault?: string } {
  const [found, setFound] = useState<{ invited?: Invited; fault?: string }>({})
  useEffect(() => {
    if (typeof token !== 'string') return
    let isWanted = true
    lookAtInvitation(token).then(
      (invited) => isWanted && setFound({ invited }),
      (error: unknown) => isWanted && setFound({ fault: linkFault(error, GONE).message }),
    )
    return () => {
      isWanted = false
    }
  }, [token])
  return found
}

/** Whoever is new sets a password or comes by the provider, as far as this server takes both. */
function NewMember({ ways, token, email }: { ways: Ways; token: string; email: string }) {
  const [fault, setFault] = useState<string>()
  const { password, single_sign_on: way } = ways
  return (
    <>
      {password && <NewAccount token={token} email={email} />}
      {way && (
        <div className="mt-5 flex flex-col gap-5">
          {password && <Or />}
          <p className="text-ink-soft text-sm [overflow-wrap:anywhere]">
            Sign in at {way.name} as <strong className="font-medium text-ink">{email}</strong>: the invitation
            is for this address alone.
          </p>
          <SingleSignOn way={way} next="/prompts" invitation={token} onFault={setFault} />
          {fault && (
            <p role="alert" className="text-rubric text-sm">
              {fault}
            </p>
          )}
        </div>
      )}
    </>
  )
}

function NewAccount({ token, email }: { token: string; email: string }) {
  const entry = useEntry({ name: '', email, password: '' }, async ({ name, password }) => {
    try {
      await acceptInvitation({ token, name, password })
      goOn('/prompts')
    } catch (error) {
      throw linkFault(error, GONE)
    }
  })
  return (
    <div className="mt-8">
      <EntryForm
        entry={entry}
        action="/api/auth/invitation/accept"
        label="Accept and sign in"
        sendingLabel="Accepting…"
      >
        <EntryField
          entry={entry}
          field="name"
          label="Name"
          hint="As the others see it."
          autoComplete="name"
          autoCapitalize="words"
          maxLength={NAME_LENGTH}
          required
        />
        <EmailField entry={entry} own={email} />
        <NewPasswordField entry={entry} field="password" label="Password" />
      </EntryForm>
    </div>
  )
}

/** Whoever has an account proves that it is theirs, and then accepts. */
function AcceptSignedIn({ ways, token, email }: { ways: Ways; token: string; email: string }) {
  const [fault, setFault] = useState<string>()
  const accept = async () => {
    try {
      await acceptInvitation({ token })
      goOn('/prompts')
    } catch (error) {
      setFault(linkFault(error, GONE).message)
    }
  }
  if (fault !== undefined)
    return (
      <p role="alert" className="mt-6">
        {fault}
      </p>
    )
  return (
    <>
      <Lead>
        You have an account already. Sign in as <strong className="font-medium text-ink">{email}</strong> to
        accept.
      </Lead>
      <SignIn ways={ways} email={email} invitation={token} next="/prompts" onSignedIn={accept} />
    </>
  )
}
