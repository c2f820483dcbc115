'use client'

import { useEffect, useState } from 'react'

const STEP_MS = 30_000

/** The time in milliseconds, moving on twice a minute; first the server's, so that both render the same. */
export function useNow(first: number): number {
  const [now, setNow] = useState(first)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}
