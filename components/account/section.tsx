import type { ReactNode } from 'react'
import { Skeleton } from '#components/ui/skeleton.tsx'

/** A part of the account: what it is about at the left, what it holds at the right. */
export function Section({
  id,
  title,
  about,
  action,
  children,
}: {
  id: string
  title: string
  about: ReactNode
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-12 gap-y-5 border-line border-t py-10 lg:grid-cols-[17rem_minmax(0,1fr)]"
    >
      <div className="flex flex-col items-start gap-3">
        <h2 id={id} className="scroll-mt-20 font-serif text-2xl">
          {title}
        </h2>
        <p className="max-w-prose text-ink-soft text-sm">{about}</p>
        {action}
      </div>
      <div className="min-w-0 max-w-3xl">{children}</div>
    </section>
  )
}

/** A line of a section: something, what is said of it, and what can be done with it. */
export function Line({
  title,
  badges,
  children,
  actions,
}: {
  title: ReactNode
  badges?: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm [overflow-wrap:anywhere]">
          {title}
          {badges}
        </h3>
        {children && (
          <div className="mt-0.5 max-w-prose text-ink-soft text-sm [overflow-wrap:anywhere]">{children}</div>
        )}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-1">{actions}</div>}
    </div>
  )
}

export const LINES_CLASS = '-my-3 divide-y divide-line'

/** In the place of lines that are not read yet, or could not be. */
export function NoLines({ error }: { error: Error | null }) {
  if (error === null) return <Skeleton className="h-20" />
  return (
    <p role="alert" className="text-rubric text-sm">
      {error.message}
    </p>
  )
}
