'use client'

import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'

/** Something that can be ticked. */
export interface Tickable {
  id: string
  label: ReactNode
  hint?: ReactNode
  /** Why it cannot be ticked; left out: it can. */
  reason?: string | undefined
}

/** Several choices of a form, each of which can be ticked. */
export function CheckList({
  id,
  legend,
  hint,
  error,
  items,
  ticked,
  onChange,
}: {
  /** Of the whole, for the focus. */
  id: string
  legend: string
  hint?: ReactNode
  error?: ReactNode
  items: readonly Tickable[]
  ticked: readonly string[]
  onChange: (ticked: string[]) => void
}) {
  const toggle = (item: string, isOn: boolean) =>
    onChange(items.map((each) => each.id).filter((each) => (each === item ? isOn : ticked.includes(each))))
  return (
    <fieldset id={id} tabIndex={-1} aria-describedby={error ? `${id}-error` : undefined} className="min-w-0">
      <legend className="mb-1 font-medium text-sm">{legend}</legend>
      {hint && <p className="mb-1.5 max-w-prose text-ink-faint text-xs">{hint}</p>}
      {items.map(({ id: item, label, hint: about, reason }) => (
        <label
          key={item}
          className={classNames('flex min-h-8 items-start gap-2.5 py-1 text-sm', reason && 'text-ink-faint')}
        >
          <input
            type="checkbox"
            checked={ticked.includes(item)}
            disabled={reason !== undefined}
            onChange={({ target }) => toggle(item, target.checked)}
            className="mt-0.5 size-4 shrink-0 accent-(--fill)"
          />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {label}
            {(reason ?? about) && <span className="block text-ink-faint text-xs">{reason ?? about}</span>}
          </span>
        </label>
      ))}
      <p id={`${id}-error`} className={classNames('text-rubric text-xs', !error && 'hidden')}>
        {error}
      </p>
    </fieldset>
  )
}
