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

/** A bar at the top while the next page takes longer than a fifth of a second. */
export function GoingBar() {
  const going = useGoing()
  return (
    <output className="pointer-events-none fixed inset-x-0 top-0 z-50 block h-0.5 overflow-hidden print:hidden">
      {going !== undefined && (
        // Named anew for each address: the wait begins again.
        <span key={going} data-going="" className="going-bar block h-full bg-rubric">
          <span className="sr-only">The page is loading.</span>
        </span>
      )}
    </output>
  )
}
