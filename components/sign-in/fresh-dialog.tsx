'use client'

import { useQuery } from '@tanstack/react-query'
import { usePerson } from '#components/access/person.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { send } from '#lib/rest/client.ts'
import type { ProofKind } from './proof.tsx'
import { AFTER, Prove } from './prove.tsx'
import type { Ways } from './requests.ts'
import { tellSignedIn } from './session-channel.ts'
import { SignIn } from './sign-in.tsx'

const WORDS: Readonly<Record<ProofKind, { title: string; why: string }>> = {
  ended: {
    title: 'Sign in again',
    why: 'Your session has ended. What you typed is still here, and what you did goes on when you are signed in.',
  },
  fresh: {
    title: 'Confirm that it is you',
    why: 'This takes a sign-in of the last few minutes. It goes on when you have confirmed.',
  },
}

/** Asks the person of the page to sign in, over the page. */
export function FreshDialog({ kind, onClose }: { kind: ProofKind; onClose: (isProved: boolean) => void }) {
  const { id, email, isLocal } = usePerson()
  const ways = useQuery({
    queryKey: ['ways'],
    queryFn: ({ signal }) => send<Ways>('GET /api/auth/ways', { signal, isFinal: true }),
  })
  const onSignedIn = async () => {
    const { actor } = await send<{ actor: { id: string } }>('GET /api/me', { isFinal: true })
    tellSignedIn()
    // What stands on the page is another person's.
    if (!isLocal && actor.id !== id) window.location.assign('/prompts')
    else onClose(true)
  }
  const { title, why } = WORDS[kind]
  return (
    <Dialog title={title} isOpen onOpenChange={(isOpen) => !isOpen && onClose(false)}>
      <p className="text-ink-soft text-sm">{why}</p>
      {ways.data && (
        <>
          {kind === 'fresh' ? (
            <Prove ways={ways.data} onProved={() => onClose(true)} />
          ) : (
            <SignIn
              ways={ways.data}
              email={email ?? undefined}
              isInDialog
              next={AFTER}
              onSignedIn={onSignedIn}
            />
          )}
        </>
      )}
      {ways.isPending && <Skeleton className="mt-8 h-40" />}
      {ways.error && (
        <p role="alert" className="mt-6 text-rubric text-sm">
          {ways.error.message}
        </p>
      )}
    </Dialog>
  )
}
