'use client'

import { useEffect, useState } from 'react'

/** Runs something once, when the browser has nothing better to do; at the latest after some seconds. */
export function useWhenIdle(run: () => void): void {
  const [once] = useState(() => run)
  useEffect(() => {
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(once, 2_000)
      return () => clearTimeout(timer)
    }
    const handle = requestIdleCallback(once, { timeout: 4_000 })
    return () => cancelIdleCallback(handle)
  }, [once])
}
