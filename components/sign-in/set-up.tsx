'use client'

import { NAME_LENGTH } from '#lib/people/rules.ts'
import { EmailField, EntryField, EntryForm, useEntry } from './entry-form.tsx'
import { NewPasswordField } from './new-password.tsx'
import { Lead } from './open-page.tsx'
import { setUp } from './requests.ts'
import { goOn } from './sign-in-here.tsx'
import { secretIn, useSecret } from './use-secret.ts'
import { FieldFault, linkFault } from './words.ts'

/** Makes the owner's account: with the link of the console, or without one where only this machine can come here. */
export function SetUp({ needsLink }: { needsLink: boolean }) {
  const [secret, take] = useSecret()
  if (!needsLink) return <OwnerForm token={undefined} />
  if (secret === undefined) return null
  return secret === null ? <LinkForm onLink={take} /> : <OwnerForm token={secret} />
}

function OwnerForm({ token }: { token: string | undefined }) {
  const entry = useEntry({ name: '', email: '', password: '' }, async (values) => {
    try {
      await setUp({ ...values, email: values.email.trim(), ...(token !== undefined && { token }) })
      goOn('/prompts')
    } catch (error) {
      throw linkFault(error, GONE)
    }
  })
  return (
    <>
      <Lead>
        {token === undefined
          ? 'You become the owner. From then on everybody signs in or brings a key; what was made here so far is yours.'
          : 'You become the owner, who may do everything and invites the others.'}
      </Lead>
      <div className="mt-8">
        <EntryForm
          entry={entry}
          action="/api/auth/set-up"
          label="Create the owner account"
          sendingLabel="Creating…"
        >
          <EntryField
            entry={entry}
            field="name"
            label="Name"
            autoComplete="name"
            autoCapitalize="words"
            maxLength={NAME_LENGTH}
            required
          />
          <EmailField entry={entry} />
          <NewPasswordField entry={entry} field="password" label="Password" />
        </EntryForm>
      </div>
    </>
  )
}

const GONE =
  'This link is not valid any more: it was used, or it is older than a day. Restart the server, and it prints a new one.'

/** Where the link is, and a field for it: the address that the server prints may not be the one that leads here. */
function LinkForm({ onLink }: { onLink: (secret: string) => void }) {
  const entry = useEntry({ link: '' }, ({ link }) => {
    const secret = secretIn(link)
    if (secret === undefined)
      throw new FieldFault('link', 'This is no set-up link: it ends with # and a long row of letters.')
    onLink(secret)
  })
  return (
    <>
      <Lead>
        Nobody has an account here yet. The server printed a link when it started: look for “Set up” on its
        console, or in the file <code className="font-mono text-ink text-sm">set-up-link</code> in its data
        folder.
      </Lead>
      <div className="mt-8">
        <EntryForm entry={entry} action="/set-up" label="Go on" sendingLabel="Going on…">
          <EntryField
            entry={entry}
            field="link"
            label="Set-up link"
            hint="Open the link itself, or paste it here."
            autoComplete="off"
            className="font-mono"
            required
          />
        </EntryForm>
      </div>
    </>
  )
}
