import type { ReactNode } from 'react'

/** The heading of a section, with what it is for, and its main action at the right. */
export function SectionHead({
  id,
  title,
  action,
  children,
}: {
  id: string
  title: string
  action?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="flex flex-wrap items-end justify-between gap-4 border-line border-b pb-4">
      <div className="min-w-0">
        <h2 id={id} className="font-serif text-2xl">
          {title}
        </h2>
        {children && <p className="mt-2 max-w-prose text-ink-soft">{children}</p>}
      </div>
      {action}
    </div>
  )
}
