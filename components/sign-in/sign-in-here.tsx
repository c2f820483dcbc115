'use client'

import { useEffect } from 'react'
import { Lead } from './open-page.tsx'
import type { Ways } from './requests.ts'
import { tellSignedIn } from './session-channel.ts'
import { SignIn } from './sign-in.tsx'
import { singleSignOnFault } from './words.ts'

/** Signs in and goes on to the page that was asked for, in a document of its own. */
export function SignInHere({
  ways,
  next,
  refusal,
}: {
  ways: Ways
  next: string
  /** Why single sign-on did not let the person in. */
  refusal: string | undefined
}) {
  return (
    <>
      {refusal !== undefined && (
        <p role="alert" className="mt-6 rounded-md bg-rubric-wash px-3 py-2 text-sm">
          {singleSignOnFault(refusal)}
        </p>
      )}
      {/* A fragment stays with the address when a server leads here: that of a link in a mail does. */}
      <SignIn ways={ways} next={next} onSignedIn={() => goOn(next + window.location.hash)} />
    </>
  )
}

/** Leaves for a page as the person who has signed in just now. */
export function goOn(next: string): void {
  tellSignedIn()
  window.location.assign(next)
}

/** What single sign-on comes back to in the window that was opened for it: the other one goes on. */
export function SignedInBeside() {
  useEffect(() => {
    tellSignedIn()
    window.close()
  }, [])
  return <Lead>You are signed in. You can close this window and go on in the other one.</Lead>
}
