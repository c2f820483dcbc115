'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { isTimeZone, TIME_ZONE_COOKIE } from './span.ts'

const YEAR_S = 31_536_000
const never = () => () => {}
/** Of a machine whose zone has no name that others know the clocks of UTC. */
const here = () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return isTimeZone(timeZone) ? timeZone : 'UTC'
}

/**
 * The reader's time zone: at first what the server knew of it, then the browser's, which is kept for the
 * server's next page.
 */
export function useTimeZone(known: string): string {
  const zone = useSyncExternalStore(never, here, () => known)
  useEffect(() => {
    document.cookie = `${TIME_ZONE_COOKIE}=${encodeURIComponent(zone)}; path=/; max-age=${YEAR_S}; samesite=lax`
  }, [zone])
  return zone
}
