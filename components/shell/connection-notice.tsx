'use client'

import { useQueryClient } from '@tanstack/react-query'
import { CloudOff } from 'lucide-react'
import { useOffline } from 'next/offline'
import { useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { announce, isReached, OUTDATED, REACHED, UNREACHABLE } from '#components/ui/part.ts'
import { problemOf } from '#lib/rest/client.ts'
import { useGoing } from './going-bar.tsx'

const LOOK_AGAIN_MS = 2_000

/** Says that the server is not reached, for as long as it is not, and reads again when it is. */
export function ConnectionNotice() {
  const isAway = useIsAway()
  const isOutdated = useIsOutdated()
  const isGoing = useGoing() !== undefined
  return (
    <output className="sticky top-0 z-40 block print:hidden">
      {isAway && (
        <span className="flex items-center justify-center gap-2 border-line border-b bg-rubric-wash px-4 py-2 text-ink text-sm">
          <CloudOff aria-hidden="true" className="size-4 shrink-0 text-rubric" />
          <span>
            The server is not reached. What you typed stays here; this page tries again by itself.
            {isGoing && ' The page you chose opens then.'}
          </span>
        </span>
      )}
      {isOutdated && !isAway && (
        <span className="flex flex-wrap items-center justify-center gap-2 border-line border-b bg-lapis-wash px-4 py-2 text-ink text-sm">
          <span>Incipit was updated while this page was open. Drafts are kept.</span>
          <Button look="outline" onPress={() => window.location.reload()}>
            Load the page again
          </Button>
        </span>
      )}
    </output>
  )
}

/** Whether a part of this page is not on the server any more. */
function useIsOutdated(): boolean {
  const [isOutdated, setOutdated] = useState(false)
  useEffect(() => {
    const onOutdated = () => setOutdated(true)
    window.addEventListener(OUTDATED, onOutdated)
    return () => window.removeEventListener(OUTDATED, onOutdated)
  }, [])
  return isOutdated
}

function useIsAway(): boolean {
  const queries = useQueryClient()
  const [isSuspected, setSuspected] = useState(false)
  const [isAway, setAway] = useState(false)
  // The router waits with a page that it could not fetch.
  const isRouterWaiting = useOffline()
  useEffect(() => {
    if (isRouterWaiting) announce(UNREACHABLE)
  }, [isRouterWaiting])
  useEffect(() => {
    const suspect = () => setSuspected(true)
    const onEvent = ({ type, action }: { type: string; action?: { type: string; error?: unknown } }) => {
      if (type === 'updated' && action?.type === 'error' && isUnreachable(action.error)) suspect()
    }
    const stops = [queries.getQueryCache().subscribe(onEvent), queries.getMutationCache().subscribe(onEvent)]
    // The network may have gone before this listened.
    if (!navigator.onLine) suspect()
    window.addEventListener('offline', suspect)
    window.addEventListener(UNREACHABLE, suspect)
    return () => {
      for (const stop of stops) stop()
      window.removeEventListener('offline', suspect)
      window.removeEventListener(UNREACHABLE, suspect)
    }
  }, [queries])
  useEffect(() => {
    if (!isSuspected) return
    const stop = new AbortController()
    let missed = false
    const onMiss = () => {
      missed = true
      setAway(true)
    }
    const look = async () => {
      if (!(await lookUntilReached(stop.signal, onMiss))) return
      setSuspected(false)
      setAway(false)
      announce(REACHED)
      if (missed) await queries.invalidateQueries()
    }
    void look()
    return () => stop.abort()
  }, [isSuspected, queries])
  return isAway
}

/** Asks until the server answers; true when it did, false when nobody wants to know any more. */
async function lookUntilReached(stop: AbortSignal, onMiss: () => void): Promise<boolean> {
  while (!stop.aborted) {
    if (await isReached(stop)) return true
    if (stop.aborted) return false
    onMiss()
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  return false
}

function isUnreachable(error: unknown): boolean {
  return problemOf(error)?.code === 'unreachable'
}
