'use client'

import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** Something that is on or off, at once. Without visible words beside it, `aria-label` names it. */
export function Switch({
  isOn,
  onChange,
  isDisabled = false,
  'aria-label': label,
  children,
}: {
  isOn: boolean
  onChange: (isOn: boolean) => void
  isDisabled?: boolean
  'aria-label'?: string
  children?: ReactNode
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      disabled={isDisabled}
      onClick={() => onChange(!isOn)}
      className="inline-flex min-h-8 items-center gap-2 rounded-md px-1 text-sm disabled:opacity-50"
    >
      <span
        className={classNames(
          'flex h-5 w-9 shrink-0 items-center rounded-full border px-0.5 transition-colors duration-100',
          isOn ? 'border-transparent bg-fill' : 'border-line-strong bg-surface',
        )}
      >
        <span
          className={classNames(
            'size-3.5 rounded-full transition-transform duration-100',
            isOn ? 'translate-x-4 bg-on-fill' : 'bg-ink-faint',
          )}
        />
      </span>
      {children}
    </button>
  )
}
