'use client'

import type { Draft } from './draft.ts'
import type { DraftChange } from './draft-change.ts'

/** Whether the text is sent as it stands, without variables. */
export function LiteralSwitch({
  format,
  onChange,
}: {
  format: Draft['format']
  onChange: (change: DraftChange) => void
}) {
  return (
    <label
      title="The text is sent as it stands: braces mean nothing in it, and it has no variables."
      className="flex min-h-8 cursor-pointer items-center gap-2 px-1 text-ink-soft text-sm"
    >
      <input
        type="checkbox"
        checked={format === 'text'}
        onChange={(event) => onChange({ type: 'format', format: event.target.checked ? 'text' : 'liquid' })}
        className="size-4 accent-(--fill)"
      />
      Literal text
    </label>
  )
}
