'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/** Whether the keyboard has ⌘; the server, and the first render in the browser, say no. */
export function useIsMac(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  )
}
