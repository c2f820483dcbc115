'use client'

import Link from 'next/link'
import { useState } from 'react'
import { buttonClass } from '#components/ui/button-class.ts'
import { EmailField, EntryForm, useEntry } from './entry-form.tsx'
import { NewPasswordField } from './new-password.tsx'
import { Lead } from './open-page.tsx'
import { askForReset, resetPassword } from './requests.ts'
import { useSecret } from './use-secret.ts'
import { linkFault } from './words.ts'

const GONE =
  'This link is not valid any more: it works once, and for an hour. Ask for a new one where you got it.'

/** Takes a new password by a link; without one it says how to get one. */
export function Reset({ hasMail }: { hasMail: boolean }) {
  const [token] = useSecret()
  if (token === undefined) return null
  if (token !== null) return <NewPassword token={token} />
  if (hasMail) return <AskByMail />
  return (
    <>
      <Lead>
        A new password takes a link, which an admin or an owner makes for you in Settings, Members. Whoever
        runs the server makes one for the last owner: <Command>npm run admin -- users reset</Command>
      </Lead>
      <SignInLink />
    </>
  )
}

function Command({ children }: { children: string }) {
  return <code className="font-mono text-ink text-sm [overflow-wrap:anywhere]">{children}</code>
}

function SignInLink() {
  return (
    <p className="mt-8">
      <Link href="/sign-in" className={buttonClass('outline')}>
        To the sign-in
      </Link>
    </p>
  )
}

function NewPassword({ token }: { token: string }) {
  const [isDone, setDone] = useState(false)
  const entry = useEntry({ password: '' }, async ({ password }) => {
    try {
      await resetPassword(token, password)
      setDone(true)
    } catch (error) {
      throw linkFault(error, GONE)
    }
  })
  if (isDone)
    return (
      <>
        <output className="mt-3 block text-ink-soft">
          The new password holds from now on. All sessions have ended; the second factor is as it was.
        </output>
        <SignInLink />
      </>
    )
  return (
    <>
      <Lead>It signs you out everywhere. Your second factor stays as it is.</Lead>
      <div className="mt-8">
        <EntryForm
          entry={entry}
          action="/api/auth/reset"
          label="Set the new password"
          sendingLabel="Setting it…"
        >
          <NewPasswordField entry={entry} field="password" label="New password" />
        </EntryForm>
      </div>
    </>
  )
}

function AskByMail() {
  const [isSent, setSent] = useState(false)
  const entry = useEntry({ email: '' }, async ({ email }) => {
    await askForReset(email.trim())
    setSent(true)
  })
  if (isSent)
    return (
      <>
        <output className="mt-3 block text-ink-soft">
          If there is an account with this e-mail, a link is on its way. It works once, and for an hour.
        </output>
        <SignInLink />
      </>
    )
  return (
    <>
      <Lead>You get a link by mail. It works once, and for an hour.</Lead>
      <div className="mt-8">
        <EntryForm
          entry={entry}
          action="/api/auth/request-password-reset"
          label="Send the link"
          sendingLabel="Sending…"
        >
          <EmailField entry={entry} />
        </EntryForm>
      </div>
    </>
  )
}
