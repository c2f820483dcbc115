'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'

/** Told by instrumentation-client.ts when the router sets out for another page. */
const GOING = 'incipit:going'

/** The address that the router is on its way to; undefined while it stands still. */
export function useGoing(): string | undefined {
  const here = `${usePathname()}?${useSearchParams()}`
  const [going, setGoing] = useState<{ to: string; from: string }>()
  useEffect(() => {
    const onGoing = (event: Event) => {
      if (!(event instanceof CustomEvent) || typeof event.detail !== 'string') return
      const { pathname, searchParams } = new URL(event.detail, window.location.href)
      const to = `${pathname}?${searchParams}`
      const from = `${window.location.pathname}?${new URLSearchParams(window.location.search)}`
      // Not within the router's transition, which would hold it back until the page is there.
      queueMicrotask(() => setGoing(to === from ? undefined : { to, from }))
    }
    window.addEventListener(GOING, onGoing)
    return () => window.removeEventListener(GOING, onGoing)
  }, [])
  // Wherever it arrived: the page may have led on to another one.
  return going?.from === here ? going.to : undefined
}
