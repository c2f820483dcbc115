'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { usePerson } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { REACHED } from '#components/ui/part.ts'
import { isFreshWanted, type Recover, recoverBy, send } from '#lib/rest/client.ts'
import { hearSignedIn } from './session-channel.ts'

const FreshDialog = dialogPart(
  async () => (await import('./fresh-dialog.tsx')).FreshDialog,
  ({ onClose }) => onClose(false),
)

/** Why the person has to prove who they are: the session has ended, or this takes a fresh one. */
export type ProofKind = 'ended' | 'fresh'

/**
 * Stands on every page of the workbench: where a request is refused for want of a session, or of a fresh one, it
 * asks the person to sign in, in a dialog over the page, and has the request sent again. What is typed stays.
 */
export function Proof() {
  const queries = useQueryClient()
  const { isLocal } = usePerson()
  const [shown, show] = useState<Shown>({ asked: undefined, isSignedOut: false })
  const [proof] = useState(() => createProof(show, () => void queries.invalidateQueries()))
  useEffect(() => {
    recoverBy(proof.recover)
    const stopHearing = hearSignedIn(() => proof.settle(true))
    return () => {
      recoverBy(undefined)
      stopHearing()
    }
  }, [proof])
  useEffect(() => {
    if (isLocal) return
    // A stream that ends tells no reason: where the server is reached, the session may have ended.
    const look = () => void send('GET /api/me').catch(() => undefined)
    window.addEventListener(REACHED, look)
    return () => window.removeEventListener(REACHED, look)
  }, [isLocal])
  return (
    <>
      {shown.isSignedOut && (
        <output className="fixed inset-x-0 bottom-0 z-40 flex flex-wrap items-center justify-center gap-x-4 gap-y-2 border-line border-t bg-rubric-wash px-4 py-2 text-sm print:hidden">
          <span>You are signed out. What you typed stays here.</span>
          <Button onPress={() => void proof.ask('ended')}>Sign in</Button>
        </output>
      )}
      {shown.asked && <FreshDialog kind={shown.asked} onClose={proof.settle} />}
    </>
  )
}

interface Shown {
  asked: ProofKind | undefined
  /** The session has ended, and the person chose not to sign in for now. */
  isSignedOut: boolean
}

/** One question at a time: requests that are refused together wait for the same answer. */
export function createProof(show: (shown: Shown) => void, onSignedInAgain: () => void) {
  let pending: (PromiseWithResolvers<boolean> & { kind: ProofKind }) | undefined
  let isSignedOut = false
  const ask = (kind: ProofKind): Promise<boolean> => {
    pending ??= { ...Promise.withResolvers<boolean>(), kind }
    show({ asked: pending.kind, isSignedOut })
    return pending.promise
  }
  const recover: Recover = (problem, { isChange }) => {
    if (isFreshWanted(problem)) return ask('fresh')
    // Whoever chose to stay signed out is asked again by what they do, not by what the page reads.
    return isSignedOut && !isChange ? Promise.resolve(false) : ask('ended')
  }
  const settle = (isProved: boolean): void => {
    const hadEnded = isSignedOut || pending?.kind === 'ended'
    isSignedOut = hadEnded && !isProved
    show({ asked: undefined, isSignedOut })
    pending?.resolve(isProved)
    pending = undefined
    if (hadEnded && isProved) onSignedInAgain()
  }
  return { ask, recover, settle }
}
