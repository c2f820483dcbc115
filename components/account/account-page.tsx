'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Ways } from '#components/sign-in/requests.ts'
import { singleSignOnFault } from '#components/sign-in/words.ts'
import { showToast } from '#components/ui/toast.ts'
import { useNow } from '#components/ui/use-now.ts'
import type { Me } from '#lib/people/schema.ts'
import { OwnData } from './own-data.tsx'
import { OwnClients, OwnKeys } from './own-keys.tsx'
import { Passkeys } from './passkeys.tsx'
import { Profile } from './profile.tsx'
import { meQuery } from './queries.ts'
import { Sessions } from './sessions.tsx'
import { SignInWays } from './sign-in-ways.tsx'
import { useEmailLink } from './use-email-link.ts'

/** Everything about the account of whoever is signed in. */
export function AccountPage({
  first,
  ways,
  address,
  readAt,
  refusal,
}: {
  first: Me
  ways: Ways
  /** Of this server. */
  address: string
  readAt: number
  /** Why single sign-on was not connected. */
  refusal: string | undefined
}) {
  const now = useNow(readAt)
  const { data: me } = useQuery({ ...meQuery, initialData: first, initialDataUpdatedAt: readAt })
  useEmailLink()
  useEffect(() => {
    if (refusal !== undefined)
      showToast({ tone: 'failure', key: 'refusal', message: singleSignOnFault(refusal) })
  }, [refusal])
  if (me.person === null) return null
  // Whoever still lacks a second factor may do nothing else.
  const isComplete = me.must.length === 0
  return (
    <>
      {!isComplete && (
        <p className="mb-8 max-w-prose rounded-lg bg-rubric-wash px-4 py-3">
          Your role needs a second factor: set up an authenticator app, or add a passkey. The other pages open
          then.
        </p>
      )}
      {isComplete && <Profile me={me} person={me.person} />}
      <SignInWays person={me.person} ways={ways} must={me.must} />
      <Passkeys isOffered={ways.passkey} now={now} />
      <Sessions now={now} />
      {isComplete && (
        <>
          <OwnKeys now={now} address={address} />
          <OwnClients now={now} />
          <OwnData />
        </>
      )}
    </>
  )
}
