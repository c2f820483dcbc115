import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** The frame of everything that text is typed into or chosen from: a border of 3:1, red when wrong. */
export const FIELD_CLASS =
  'w-full scroll-mt-16 scroll-mb-6 rounded-md border border-line-strong bg-surface px-3 text-ink text-base sm:text-sm ' +
  'transition-[border-color] duration-100 hover:border-ink-faint ' +
  'aria-invalid:border-rubric data-invalid:border-rubric'

/**
 * A labelled field: name, hint, the field itself, its fault.
 * The field takes `id` as its own, and `${id}-hint`, `${id}-error` as its description.
 */
export function Field({
  id,
  label,
  aside,
  hint,
  error,
  children,
}: {
  id: string
  label: ReactNode
  aside?: ReactNode
  hint?: ReactNode
  error?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label id={`${id}-label`} htmlFor={id} className="min-w-0 font-medium text-sm">
          {label}
        </label>
        {aside && <div className="shrink-0 text-ink-faint text-xs">{aside}</div>}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="-mt-1 max-w-prose text-ink-faint text-xs">
          {hint}
        </p>
      )}
      {children}
      <p id={`${id}-error`} className={classNames('text-rubric text-xs', !error && 'hidden')}>
        {error}
      </p>
    </div>
  )
}

/** The ids that describe a field made by Field. */
export function describedBy(id: string, hint: unknown, error: unknown): string | undefined {
  return [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined
}
