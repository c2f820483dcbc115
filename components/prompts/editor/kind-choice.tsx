'use client'

import { classNames } from '#components/ui/class-names.ts'
import type { Draft } from '../draft/draft.ts'
import type { DraftChange } from '../draft/draft-change.ts'

const KINDS = [
  { kind: 'text', name: 'Text' },
  { kind: 'chat', name: 'Chat' },
] as const

/** Whether the prompt is one text or the messages of a chat. */
export function KindChoice({
  kind,
  onChange,
}: {
  kind: Draft['kind']
  onChange: (kind: Draft['kind']) => void
}) {
  return (
    <fieldset className="flex rounded-md border border-line-strong p-0.5">
      <legend className="sr-only">Kind of prompt</legend>
      {KINDS.map((each) => (
        <label
          key={each.kind}
          className={classNames(
            'flex h-7 cursor-pointer items-center rounded px-3 text-sm',
            'has-focus-visible:outline-2 has-focus-visible:outline-(--focus) has-focus-visible:outline-offset-2',
            each.kind === kind ? 'bg-fill font-medium text-on-fill' : 'text-ink-soft hover:bg-hover',
          )}
        >
          <input
            type="radio"
            name="kind"
            value={each.kind}
            checked={each.kind === kind}
            onChange={() => onChange(each.kind)}
            className="sr-only"
          />
          {each.name}
        </label>
      ))}
    </fieldset>
  )
}

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
