'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { EntryField, EntryForm } from './entry-form.tsx'
import { giveCode, giveRecoveryCode } from './requests.ts'
import { type ProofEntry, useProofEntry } from './use-proof-entry.ts'
import { isStepLost, WRONG_CODE, WRONG_RECOVERY_CODE } from './words.ts'

/** The second factor: a code of the authenticator app, or one of the recovery codes. */
export function CodeStep({
  onDone,
  onBegin,
}: {
  onDone: () => void | Promise<void>
  /** Back to the first step, and why. */
  onBegin: (why?: string) => void
}) {
  const [isRecovery, setRecovery] = useState(false)
  return (
    <div className="mt-8 flex flex-col gap-4">
      <CodeForm key={String(isRecovery)} isRecovery={isRecovery} onDone={onDone} onBegin={onBegin} />
      <div className="flex flex-wrap justify-between gap-2">
        <Button look="quiet" className="-ml-3" onPress={() => setRecovery(!isRecovery)}>
          {isRecovery ? 'Use the authenticator app' : 'Use a recovery code'}
        </Button>
        <Button look="quiet" className="-mr-3" onPress={() => onBegin()}>
          Start over
        </Button>
      </div>
    </div>
  )
}

function CodeForm({ isRecovery, onDone, onBegin }: Parameters<typeof CodeStep>[0] & { isRecovery: boolean }) {
  const give = async ({ code }: { code: string }) => {
    try {
      await (isRecovery ? giveRecoveryCode(code) : giveCode(plainCode(code)))
    } catch (error) {
      if (!isStepLost(error)) throw error
      return onBegin('Too much time went by since the password. Sign in again.')
    }
    await onDone()
  }
  const refused = isRecovery ? WRONG_RECOVERY_CODE : WRONG_CODE
  const entry = useProofEntry({ code: '' }, give, { refused, isFocused: true })
  if (!isRecovery) return <CodeEntry entry={entry} action="/api/auth/two-factor/verify-totp" />
  const { secret } = entry
  return (
    <EntryForm
      entry={entry}
      action="/api/auth/two-factor/verify-backup-code"
      label="Confirm"
      sendingLabel="Confirming…"
    >
      <EntryField
        entry={entry}
        field="code"
        label="Recovery code"
        hint="One of those that you kept when you set up the second factor. Each works once."
        autoComplete="off"
        maxLength={64}
        className="font-mono"
        ref={secret}
        required
      />
    </EntryForm>
  )
}

/** Asks for a code of the authenticator app. */
export function CodeEntry({
  entry,
  action,
  onCancel,
}: {
  entry: ProofEntry<{ code: string }>
  action: string
  onCancel?: () => void
}) {
  const { secret } = entry
  return (
    <EntryForm
      entry={entry}
      action={action}
      label="Confirm"
      sendingLabel="Confirming…"
      {...(onCancel && { onCancel })}
    >
      <EntryField
        entry={entry}
        field="code"
        label="Code of six digits"
        hint="Your authenticator app shows it."
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
        className="font-mono tracking-[0.2em]"
        ref={secret}
        required
      />
    </EntryForm>
  )
}

/** Apps show a code in two groups. */
export function plainCode(typed: string): string {
  return typed.replaceAll(/\s/g, '')
}
