'use client'

import { useState } from 'react'
import { clearBrowserState, unsavedDrafts } from '#components/browser-state/own-storage.ts'
import { showFailure } from '#components/ui/toast.ts'
import { problemOf } from '#lib/rest/client.ts'
import { noteReach, signOut } from './requests.ts'

/** Signs out: at once, or after the question about text that is not saved, which `unsaved` names meanwhile. */
export function useSignOut() {
  const [unsaved, setUnsaved] = useState<string[]>([])
  return {
    unsaved,
    begin: () => {
      const found = unsavedDrafts()
      if (found.length === 0) void leave({ keepsDrafts: false })
      else setUnsaved(found)
    },
    leave: (state: { keepsDrafts: boolean }) => void leave(state),
    giveUp: () => setUnsaved([]),
  }
}

async function leave(state: { keepsDrafts: boolean }): Promise<void> {
  try {
    await signOut()
  } catch (error) {
    // Whoever has no session any more is signed out.
    if (problemOf(error)?.status !== 401) {
      noteReach(error)
      showFailure('You are still signed in.', error, { key: 'sign-out', retry: () => void leave(state) })
      return
    }
  }
  clearBrowserState(state)
  // A document of its own: nothing that was read stays in memory.
  window.location.assign('/sign-in')
}
