'use client'

import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import type { InSight } from './columns-in-sight.ts'

/** Columns side by side; where they are wider than the page they scroll, with a shadow at the side that has more. */
export function ColumnStrip({
  ref,
  inSight,
  children,
}: {
  ref: (box: HTMLOListElement | null) => void
  inSight: InSight | undefined
  children: ReactNode
}) {
  return (
    <div className="relative -mx-1 flex min-h-0 flex-1">
      <ol
        ref={ref}
        className="flex min-h-0 min-w-0 flex-1 gap-4 px-1 pb-1 max-md:flex-col md:overflow-x-auto"
      >
        {children}
      </ol>
      {inSight?.hasMoreLeft && <Shadow side="left" />}
      {inSight?.hasMoreRight && <Shadow side="right" />}
    </div>
  )
}

function Shadow({ side }: { side: 'left' | 'right' }) {
  return (
    <div
      aria-hidden="true"
      data-more={side}
      className={classNames(
        'pointer-events-none absolute inset-y-0 w-6 from-scrim to-transparent opacity-50 print:hidden',
        side === 'left' ? 'left-0 bg-linear-to-r' : 'right-0 bg-linear-to-l',
      )}
    />
  )
}
