'use client'

import { useQueryClient } from '@tanstack/react-query'
import { CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'

/** Somebody found that the server does not answer; the notice looks for itself. */
const UNREACHABLE = 'incipit:unreachable'
const LOOK_AGAIN_MS = 2_000
const PATIENCE_MS = 5_000

/** Says that the server is not reached, for as long as it is not, and reads again when it is. */
export function ConnectionNotice() {
  const isAway = useIsAway()
  return (
    <output className="sticky top-0 z-40 block print:hidden">
      {isAway && (
        <span className="flex items-center justify-center gap-2 border-line border-b bg-rubric-wash px-4 py-2 text-ink text-sm">
          <CloudOff aria-hidden="true" className="size-4 shrink-0 text-rubric" />
          <span>The server is not reached. What you typed stays here; this page tries again by itself.</span>
        </span>
      )}
    </output>
  )
}

function useIsAway(): boolean {
  const queries = useQueryClient()
  const [isSuspected, setSuspected] = useState(false)
  const [isAway, setAway] = useState(false)
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
      if (!(await untilReached(stop.signal, onMiss))) return
      setSuspected(false)
      setAway(false)
      if (missed) await queries.invalidateQueries()
    }
    void look()
    return () => stop.abort()
  }, [isSuspected, queries])
  return isAway
}

/** Asks until the server answers; true when it did, false when nobody wants to know any more. */
async function untilReached(stop: AbortSignal, onMiss: () => void): Promise<boolean> {
  while (!stop.aborted) {
    if (await isReached(stop)) return true
    if (stop.aborted) return false
    onMiss()
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  return false
}

async function isReached(stop: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)])
    await fetch('/health/live', { cache: 'no-store', signal })
    return true
  } catch {
    return false
  }
}

function isUnreachable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('problem' in error)) return false
  const { problem } = error
  return (
    typeof problem === 'object' && problem !== null && 'code' in problem && problem.code === 'unreachable'
  )
}
