'use client'

import { useState } from 'react'
import { clearBrowserState, unsavedDrafts } from '#components/browser-state/own-storage.ts'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { announce, UNREACHABLE } from '#components/ui/part.ts'
import { problemOf } from '#lib/rest/client.ts'
import { signOut } from './requests.ts'

/** Asks what becomes of text that is not saved, and signs out. Without such text it says what happens. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const [unsaved] = useState(unsavedDrafts)
  const { leave, isLeaving, fault } = useSignOut()
  return (
    <Dialog title="Sign out" isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <div className="flex flex-col gap-3 text-ink-soft text-sm">
        <p>This browser forgets what it keeps for you: recent prompts, the playground, what it read.</p>
        {unsaved.length > 0 && <Unsaved prompts={unsaved} />}
        {fault && (
          <p role="alert" className="text-rubric">
            {fault}
          </p>
        )}
      </div>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button look="quiet" onPress={onClose}>
          Cancel
        </Button>
        {unsaved.length > 0 && (
          <Button isDisabled={isLeaving} onPress={() => leave({ keepsDrafts: false })}>
            Discard them and sign out
          </Button>
        )}
        <Button
          look="primary"
          isDisabled={isLeaving}
          onPress={() => leave({ keepsDrafts: unsaved.length > 0 })}
        >
          {unsaved.length > 0 ? 'Keep them and sign out' : 'Sign out'}
        </Button>
      </div>
    </Dialog>
  )
}

function Unsaved({ prompts }: { prompts: readonly string[] }) {
  const named = prompts.filter((name) => name !== 'new')
  const shown = [...named, ...(prompts.length > named.length ? ['a new prompt'] : [])]
  return (
    <p>
      <strong className="font-medium text-ink">
        {counted(prompts.length, 'text')} {prompts.length === 1 ? 'is' : 'are'} not saved
      </strong>{' '}
      ({shown.join(', ')}). Keep them only on a machine of your own: they stay in this browser until you come
      back.
    </p>
  )
}

function useSignOut() {
  const [isLeaving, setLeaving] = useState(false)
  const [fault, setFault] = useState<string>()
  const leave = async (state: { keepsDrafts: boolean }) => {
    setLeaving(true)
    try {
      await signOut()
    } catch (error) {
      // Whoever has no session any more is signed out.
      if (problemOf(error)?.status !== 401) {
        if (problemOf(error)?.code === 'unreachable') announce(UNREACHABLE)
        setLeaving(false)
        return setFault(`You are still signed in. ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    clearBrowserState(state)
    // A document of its own: nothing that was read stays in memory.
    window.location.assign('/sign-in')
  }
  return { leave: (state: { keepsDrafts: boolean }) => void leave(state), isLeaving, fault }
}
