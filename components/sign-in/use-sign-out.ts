'use client'

import { useState } from 'react'
import { clearBrowserState, unsavedDrafts } from '#components/browser-state/own-storage.ts'
import { showToast } from '#components/ui/toast.ts'
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
      const detail = error instanceof Error ? error.message : undefined
      const action = { label: 'Retry', run: () => void leave(state) }
      showToast({ tone: 'failure', key: 'sign-out', message: 'You are still signed in.', detail, action })
      return
    }
  }
  clearBrowserState(state)
  // A document of its own: nothing that was read stays in memory.
  window.location.assign('/sign-in')
}
