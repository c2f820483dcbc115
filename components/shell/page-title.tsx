import type { ReactNode } from 'react'

/** The heading of a page, opened by a red initial. */
export function PageTitle({ children }: { children: ReactNode }) {
  return <h1 className="rubricated pt-10 pb-8 font-serif text-5xl leading-none tracking-tight">{children}</h1>
}
