'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import type { Ways } from '#components/sign-in/requests.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { showFailure, showToast } from '#components/ui/toast.ts'
import type { Me } from '#lib/people/schema.ts'
import { send } from '#lib/rest/client.ts'
import { LOGINS, loginsQuery, ME } from './queries.ts'
import { LINES_CLASS, Line, Section } from './section.tsx'

const PasswordDialog = dialogPart(
  async () => (await import('./password-dialog.tsx')).PasswordDialog,
  ({ onClose }) => onClose(),
)
const SecondFactorDialog = dialogPart(
  async () => (await import('./second-factor-dialog.tsx')).SecondFactorDialog,
  ({ onClose }) => onClose(),
)
const RecoveryCodesDialog = dialogPart(
  async () => (await import('./second-factor-dialog.tsx')).RecoveryCodesDialog,
  ({ onClose }) => onClose(),
)

type Open = 'password' | 'set-up' | 'codes' | 'remove' | undefined

/** Password, second factor and single sign-on. */
export function SignInWays({
  person,
  ways,
  must,
}: {
  person: NonNullable<Me['person']>
  ways: Ways
  must: Me['must']
}) {
  const queries = useQueryClient()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const removeFactor = async () => {
    await send('POST /api/auth/two-factor/disable', { body: {} })
    await queries.invalidateQueries({ queryKey: ME })
    showToast({ message: 'The authenticator app is removed.' })
  }
  return (
    <Section
      id="sign-in"
      title="Signing in"
      about="A passkey, or a password with a second factor, keeps others out even when the password leaks."
    >
      <div className={LINES_CLASS}>
        {ways.password && (
          <Line
            title="Password"
            actions={
              <Button
                aria-label={person.has_password ? 'Change the password' : undefined}
                onPress={() => setOpen('password')}
              >
                {person.has_password ? 'Change' : 'Set a password'}
              </Button>
            }
          >
            {person.has_password ? 'Set' : 'None: you sign in in another way.'}
          </Line>
        )}
        <SecondFactorLine person={person} must={must} onOpen={setOpen} />
        {ways.single_sign_on && <SingleSignOnLine name={ways.single_sign_on.name} />}
      </div>
      {open === 'password' && <PasswordDialog person={person} onClose={close} />}
      {open === 'set-up' && <SecondFactorDialog onClose={close} />}
      {open === 'codes' && <RecoveryCodesDialog onClose={close} />}
      {open === 'remove' && (
        <QuestionDialog
          title="Remove the authenticator app"
          action="Remove"
          onDo={removeFactor}
          onClose={close}
        >
          <p>The password alone is asked for then, and the recovery codes end.</p>
        </QuestionDialog>
      )}
    </Section>
  )
}

function SecondFactorLine({
  person,
  must,
  onOpen,
}: {
  person: NonNullable<Me['person']>
  must: Me['must']
  onOpen: (open: Open) => void
}) {
  if (!person.second_factor)
    return (
      <Line
        title="Authenticator app"
        badges={must.includes('second_factor') && <Badge tone="rubric">needed</Badge>}
        actions={
          <Button look={must.length > 0 ? 'primary' : 'outline'} onPress={() => onOpen('set-up')}>
            Set up
          </Button>
        }
      >
        Off. A code that changes every half minute is asked for after the password.
      </Line>
    )
  return (
    <Line
      title="Authenticator app"
      badges={<Badge tone="lapis">on</Badge>}
      actions={
        <>
          <Button onPress={() => onOpen('codes')}>New recovery codes</Button>
          <Button aria-label="Remove the authenticator app" onPress={() => onOpen('remove')}>
            Remove
          </Button>
        </>
      }
    >
      A code is asked for after the password.
    </Line>
  )
}

function SingleSignOnLine({ name }: { name: string }) {
  const queries = useQueryClient()
  const logins = useQuery(loginsQuery)
  const [isAsking, setAsking] = useState(false)
  const isConnected = logins.data?.some(({ providerId }) => providerId === 'sso') ?? false
  const connect = async () => {
    try {
      const body = { callbackURL: '/account' }
      window.location.assign((await send<{ url: string }>('POST /api/auth/oauth2/link', { body })).url)
    } catch (error) {
      showFailure(`${name} cannot be asked now.`, error)
    }
  }
  const separate = async () => {
    await send('POST /api/auth/unlink-account', { body: { providerId: 'sso' } })
    await queries.invalidateQueries({ queryKey: LOGINS })
  }
  return (
    <>
      <Line
        title={name}
        badges={isConnected && <Badge tone="lapis">connected</Badge>}
        actions={
          isConnected ? (
            <Button aria-label={`Disconnect ${name}`} onPress={() => setAsking(true)}>
              Disconnect
            </Button>
          ) : (
            <Button
              aria-label={`Connect ${name}`}
              isDisabled={logins.isPending}
              onPress={() => void connect()}
            >
              Connect
            </Button>
          )
        }
      >
        {isConnected ? 'You can sign in with it.' : 'Sign in there once, and it leads here from then on.'}
      </Line>
      {isAsking && (
        <QuestionDialog
          title={`Disconnect ${name}`}
          action="Disconnect"
          onDo={separate}
          onClose={() => setAsking(false)}
        >
          <p>It signs you in no more. Your other ways to sign in stay.</p>
        </QuestionDialog>
      )}
    </>
  )
}
