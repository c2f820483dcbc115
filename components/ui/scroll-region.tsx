import type { ReactNode } from 'react'

/** WCAG 2.1.1: a scroll container is reachable by keyboard, also where nothing inside is. */
const REACHABLE = { tabIndex: 0 }

/** A named part of the page that may scroll by itself. */
export function ScrollRegion({
  name,
  className,
  children,
}: {
  name: string
  className: string
  children: ReactNode
}) {
  return (
    // What is hidden from sight within it must not widen the page.
    <section aria-label={name} className={`relative ${className}`} {...REACHABLE}>
      {children}
    </section>
  )
}
