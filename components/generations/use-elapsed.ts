'use client'

import { useEffect, useState } from 'react'

const STEP_MS = 1_000

/** Whole seconds since a moment, counted while it goes on; undefined on the server and when it is over. */
export function useElapsed(since: number | undefined): number | undefined {
  const [now, setNow] = useState<number>()
  useEffect(() => {
    if (since === undefined) return
    const tick = () => setNow(Date.now())
    const first = setTimeout(tick)
    const timer = setInterval(tick, STEP_MS)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [since])
  if (since === undefined || now === undefined) return undefined
  return Math.max(0, Math.floor((now - since) / 1_000))
}
