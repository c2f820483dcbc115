'use client'

import { useEffect, useState } from 'react'
import { beat, endBeat, newTab, ownTab } from './own-tab.ts'

/** What tabs of one browser tell each other of the drafts that they write. */
interface Told {
  kind: 'open' | 'also open' | 'closed'
  draft: string
  tab: string
  /** Of the page in the tab: a duplicated tab has the same mark at first. */
  page: string
}

const CHANNEL = 'incipit-drafts'
const BEAT_MS = 20_000

/**
 * Whether another tab of this browser writes on the same draft.
 * @param draft the prompt's name, or `new`
 */
export function useOtherTabs(draft: string): boolean {
  const [others, setOthers] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const page = crypto.randomUUID()
    const channel = 'BroadcastChannel' in window ? new BroadcastChannel(CHANNEL) : undefined
    const tell = (kind: Told['kind']) =>
      channel?.postMessage({ kind, draft, tab: ownTab(), page } satisfies Told)
    channel?.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      // Whoever was there first keeps the mark.
      if (data.kind === 'also open' && data.tab === ownTab()) {
        newTab()
        beat()
      }
      if (data.draft !== draft) return
      if (data.kind === 'open') tell('also open')
      setOthers((before) => {
        const after = new Set(before)
        if (data.kind === 'closed') after.delete(data.page)
        else after.add(data.page)
        return after
      })
    })
    const open = () => {
      setOthers(new Set())
      beat()
      tell('open')
    }
    const close = () => {
      endBeat()
      tell('closed')
    }
    const timer = setInterval(beat, BEAT_MS)
    // One that broke down says nothing: whoever comes back asks again.
    const onVisibility = () => document.visibilityState === 'visible' && open()
    open()
    window.addEventListener('pagehide', close)
    window.addEventListener('pageshow', open)
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      clearInterval(timer)
      close()
      channel?.close()
      window.removeEventListener('pagehide', close)
      window.removeEventListener('pageshow', open)
      document.removeEventListener('visibilitychange', onVisibility)
    }
  }, [draft])
  return others.size > 0
}
