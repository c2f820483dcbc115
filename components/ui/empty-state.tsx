import type { ReactNode } from 'react'

/** Stands in an empty list: the reason, and the one action that helps. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="flex flex-col items-start gap-4 border-line border-t py-14">
      <h2 className="rubricated font-serif text-3xl">{title}</h2>
      {children && <div className="max-w-prose text-ink-soft">{children}</div>}
      {action}
    </div>
  )
}
