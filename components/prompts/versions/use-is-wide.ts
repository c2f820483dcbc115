'use client'

import { useSyncExternalStore } from 'react'

/** From this width on two columns of text can be read. */
const WIDE = '(width >= 48rem)'

function watch(onChange: () => void): () => void {
  const query = window.matchMedia(WIDE)
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** Whether there is room for two columns; undefined on the server, which cannot know. */
export function useIsWide(): boolean | undefined {
  return useSyncExternalStore(
    watch,
    () => window.matchMedia(WIDE).matches,
    () => undefined,
  )
}
