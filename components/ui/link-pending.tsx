'use client'

import { useLinkStatus } from 'next/link'
import { classNames } from './class-names.ts'

/** Inside a link: a dot that appears when the page it leads to takes its time. Its room is always kept. */
export function LinkPending() {
  const { pending } = useLinkStatus()
  return (
    <span
      aria-hidden="true"
      className={classNames(
        '-mr-3.5 ml-2 inline-block size-1.5 rounded-full bg-rubric align-middle transition-opacity',
        pending ? 'pulse-quietly opacity-100 delay-150' : 'opacity-0',
      )}
    />
  )
}
