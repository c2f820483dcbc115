'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'

/**
 * For a page whose state in the URL is read in the browser alone: Back and Forward within it ask no server.
 * After a reload the router's own record of earlier entries is of another document; it would fetch each of them,
 * and several in a row end in a page that answers to nothing. It is given the record of what is shown instead.
 */
export function useSamePageHistory(): void {
  const pathname = usePathname()
  const search = useSearchParams().toString()
  const shown = useRef<{ pathname: string; search: string; record: unknown }>(undefined)
  useEffect(() => {
    // The router has written its record of this address by now.
    shown.current = { pathname, search, record: history.state }
  }, [pathname, search])
  useEffect(() => {
    const onPop = (event: PopStateEvent) => {
      const { current } = shown
      // The event dispatched below arrives here as well; a step to another part of the page is left alone.
      if (!event.isTrusted || current?.pathname !== location.pathname) return
      if (current.search === location.search.slice(1)) return
      event.stopImmediatePropagation()
      window.dispatchEvent(new PopStateEvent('popstate', { state: current.record }))
    }
    window.addEventListener('popstate', onPop, { capture: true })
    return () => window.removeEventListener('popstate', onPop, { capture: true })
  }, [])
}

/**
 * How the text of a search goes into the history: its first letters make an entry, so that Back leads to where
 * nothing was searched; those that follow replace it.
 */
export function searchHistory(q: string): 'push' | 'replace' {
  return q === '' || new URLSearchParams(window.location.search).has('q') ? 'replace' : 'push'
}
