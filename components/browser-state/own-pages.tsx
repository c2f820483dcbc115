'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { hasLeft, NOBODY, PERSON_KEY, tellPerson } from './own-storage.ts'

/**
 * The pages of one person, with the cache of queries. When somebody signs out in another tab, or in as somebody
 * else, what is shown goes at once, and the page comes again as the server now has it.
 * @param props.person `workspace.actor`, or NOBODY
 */
export function OwnPages({ person, children }: { person: string; children: ReactNode }) {
  const [queries] = useState(createQueries)
  const [first, setFirst] = useState(person)
  // Whoever signs in goes on with the document of nobody.
  if (first === NOBODY && person !== NOBODY) setFirst(person)
  const hasLeftElsewhere = useHasLeft(person)
  const isGone = hasLeftElsewhere || (first !== NOBODY && first !== person)
  useEffect(() => {
    // Nothing is left on the page that would ask whether to leave it.
    if (isGone) window.location.reload()
  }, [isGone])
  return <QueryClientProvider client={queries}>{isGone ? null : children}</QueryClientProvider>
}

function createQueries(): QueryClient {
  // Requests do not wait for the browser's idea of being online: a failed one tells.
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, retry: 1, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  })
}

function useHasLeft(person: string): boolean {
  const [isGone, setGone] = useState(false)
  useEffect(() => {
    if (person === NOBODY) return
    tellPerson()
    const stop = new AbortController()
    const look = () => {
      if (hasLeft()) setGone(true)
    }
    const onStorage = ({ key }: StorageEvent) => {
      if (key === PERSON_KEY) look()
    }
    // The browser may keep a page that was left, and show it again on Back.
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (persisted) look()
    }
    window.addEventListener('storage', onStorage, { signal: stop.signal })
    window.addEventListener('pageshow', onShow, { signal: stop.signal })
    return () => stop.abort()
  }, [person])
  return isGone
}
