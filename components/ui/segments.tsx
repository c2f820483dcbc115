'use client'

import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'

export interface Segment {
  id: string
  label: string
}

/** One of a few choices, all in sight. `value` null: none of them. */
export function Segments({
  name,
  segments,
  value,
  onChange,
}: {
  /** The name for screen readers. */
  name: string
  segments: readonly Segment[]
  value: string | null
  onChange: (id: string) => void
}) {
  return (
    <ToggleButtonGroup
      aria-label={name}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={value === null ? [] : [value]}
      onSelectionChange={(keys) => {
        const [key] = keys
        if (key !== undefined) onChange(String(key))
      }}
      className="inline-flex max-w-full flex-wrap rounded-md border border-line-strong bg-surface p-0.5"
    >
      {segments.map(({ id, label }) => (
        <ToggleButton
          key={id}
          id={id}
          className="h-7 rounded px-2.5 text-ink-soft text-sm hover:text-ink data-selected:bg-fill data-selected:font-medium data-selected:text-on-fill sm:px-3"
        >
          {label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
