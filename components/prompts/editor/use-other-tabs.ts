'use client'

import { useEffect, useState } from 'react'
import { concernsOpen, isOpenElsewhere, rivalOf, sayClosed, sayOpen } from './open-drafts.ts'
import { newTab } from './own-tab.ts'

const SAY_AGAIN_MS = 20_000

/**
 * Whether another tab of this browser writes on the same draft.
 * @param draft the prompt's name, or `new`
 */
export function useOtherTabs(draft: string): boolean {
  const [isElsewhere, setElsewhere] = useState(false)
  useEffect(() => {
    const since = performance.timeOrigin + performance.now()
    const open = () => {
      sayOpen(draft, since)
      setElsewhere(isOpenElsewhere(draft))
    }
    const close = () => sayClosed(draft)
    const onStorage = (event: StorageEvent) => {
      if (!concernsOpen(draft, event)) return
      const rival = rivalOf(draft, since, event)
      // Whoever was there first keeps the mark that both have.
      if (rival === 'older') newTab()
      if (rival !== undefined) sayOpen(draft, since)
      setElsewhere(isOpenElsewhere(draft))
    }
    const timer = setInterval(open, SAY_AGAIN_MS)
    queueMicrotask(open)
    window.addEventListener('storage', onStorage)
    window.addEventListener('pagehide', close)
    window.addEventListener('pageshow', open)
    return () => {
      clearInterval(timer)
      close()
      window.removeEventListener('storage', onStorage)
      window.removeEventListener('pagehide', close)
      window.removeEventListener('pageshow', open)
    }
  }, [draft])
  return isElsewhere
}
