import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

const TONES = {
  plain: 'border-line bg-sunken text-ink-soft',
  rubric: 'border-transparent bg-rubric-wash text-rubric',
  lapis: 'border-transparent bg-lapis-wash text-lapis',
} as const

/** A short fact beside something. */
export function Badge({
  tone = 'plain',
  isNew = false,
  className,
  children,
}: {
  tone?: keyof typeof TONES
  /** It came while the page was open: it lights up once. */
  isNew?: boolean
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded border px-1.5 font-medium text-2xs',
        TONES[tone],
        isNew && 'lights-up',
        className,
      )}
    >
      {children}
    </span>
  )
}
