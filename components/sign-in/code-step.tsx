'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { EntryField, EntryForm, useEntry } from './entry-form.tsx'
import { giveCode, giveRecoveryCode } from './requests.ts'
import { useFocusOnStep } from './sign-in.tsx'
import { codeFault, isStepLost } from './words.ts'

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
  const [waitUntil, setWaitUntil] = useState<number>()
  const field = useFocusOnStep<HTMLInputElement>()
  const entry = useEntry({ code: '' }, async ({ code }) => {
    setWaitUntil(undefined)
    try {
      const typed = code.replaceAll(/\s/g, '')
      await (isRecovery ? giveRecoveryCode(typed) : giveCode(typed))
      await onDone()
    } catch (error) {
      if (isStepLost(error)) return onBegin('Too much time went by since the password. Sign in again.')
      const fault = codeFault(error, Date.now(), isRecovery)
      setWaitUntil(fault.waitUntil)
      field.current?.select()
      throw new Error(fault.words, { cause: error })
    }
  })
  return (
    <EntryForm
      entry={entry}
      action="/api/auth/two-factor/verify-totp"
      label="Confirm"
      sendingLabel="Confirming…"
      waitUntil={waitUntil}
    >
      <EntryField
        entry={entry}
        field="code"
        label={isRecovery ? 'Recovery code' : 'Code of six digits'}
        hint={
          isRecovery
            ? 'One of those that you kept when you set up the second factor. Each works once.'
            : 'Your authenticator app shows it.'
        }
        inputMode={isRecovery ? 'text' : 'numeric'}
        autoComplete={isRecovery ? 'off' : 'one-time-code'}
        maxLength={isRecovery ? 32 : 7}
        className="font-mono tracking-[0.2em]"
        ref={field}
        required
      />
    </EntryForm>
  )
}
