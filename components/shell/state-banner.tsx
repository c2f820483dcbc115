'use client'

import Link from 'next/link'
import { classNames } from '#components/ui/class-names.ts'

const LINK = 'rounded font-medium text-lapis underline underline-offset-4'

/** Says who can reach this instance while it has no accounts, and leads to where it gets the first. */
export function StateBanner({ state }: { state: 'local' | 'open' }) {
  return (
    <aside
      aria-label="Access"
      className={classNames(
        'border-line border-b px-4 py-1.5 text-center text-ink-soft text-xs print:hidden',
        state === 'open' && 'bg-rubric-wash text-ink',
      )}
    >
      {state === 'open'
        ? 'Everybody who reaches this address acts as owner. '
        : 'Open to this machine alone. '}
      <Link href="/set-up" className={LINK}>
        Create the owner account
      </Link>
    </aside>
  )
}
