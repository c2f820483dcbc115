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
    <section aria-label={name} className={className} {...REACHABLE}>
      {children}
    </section>
  )
}
