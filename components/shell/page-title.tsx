import type { ReactNode } from 'react'

/**
 * The heading of a page, opened by a red initial.
 * @param props.action what the page is most often used to begin, at the right
 */
export function PageTitle({ children, action }: { children: ReactNode; action?: ReactNode }) {
  const heading = (
    <h1 className="rubricated min-w-0 pt-10 pb-8 font-serif text-5xl leading-none tracking-tight">
      {children}
    </h1>
  )
  if (action === undefined) return heading
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4">
      {heading}
      <div className="pt-10 pb-8">{action}</div>
    </div>
  )
}
