'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'

/**
 * After a step to another page within the app, puts the focus at its beginning, as a browser would: the
 * link that was followed may be gone, or stands in the header. What the new page focused itself stays, and
 * so does a tab that both pages have.
 */
export function FocusOnNavigation({ target }: { target: string }) {
  const pathname = usePathname()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    const active = document.activeElement
    const main = document.getElementById(target)
    if (main === null || (active !== null && main.contains(active))) return
    if (active?.closest('[role="dialog"]')) return
    main.focus({ preventScroll: true })
  }, [pathname, target])
  return null
}
