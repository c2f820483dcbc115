'use client'

import { useState } from 'react'
import { CodeStep } from './code-step.tsx'
import { FirstStep } from './first-step.tsx'
import type { Ways } from './requests.ts'

export interface SignInProps {
  ways: Ways
  /** The account to sign in to; left out: its e-mail is asked for. */
  email?: string | undefined
  /** It stands over a page that must stay: single sign-on opens beside it. */
  isInDialog?: boolean
  /** The secret of an invitation that single sign-on accepts. */
  invitation?: string | undefined
  /** Where single sign-on comes back to. */
  next: string
  onSignedIn: () => void | Promise<void>
}

/** Signs somebody in: by password and, where there is one, the second factor; by passkey; by single sign-on. */
export function SignIn({ onSignedIn, ...first }: SignInProps) {
  const [step, setStep] = useState<'first' | 'code'>('first')
  const [note, setNote] = useState<string>()
  const begin = (why?: string) => {
    setNote(why)
    setStep('first')
  }
  if (step === 'code') return <CodeStep onDone={onSignedIn} onBegin={begin} />
  return <FirstStep {...first} note={note} onSignedIn={onSignedIn} onCodeWanted={() => setStep('code')} />
}
