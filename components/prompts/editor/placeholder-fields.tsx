'use client'

import { describedBy, Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { isVariableName, VARIABLE_NAME_RULE } from '#lib/liquid/name-rules.ts'
import type { DraftMessage } from '../draft/draft.ts'
import type { DraftChange } from '../draft/draft-change.ts'

const HINT = 'Whoever renders the prompt gives a list of messages by this name.'

/** The place for messages that are given at render time: their name, and whether there have to be some. */
export function PlaceholderFields({
  id,
  placeholder: { name, required },
  onChange,
}: {
  id: string
  placeholder: NonNullable<DraftMessage['placeholder']>
  onChange: (change: DraftChange) => void
}) {
  const error = isVariableName(name) ? undefined : `A name is ${VARIABLE_NAME_RULE}.`
  const field = `${id}-placeholder`
  return (
    <div className="flex flex-col gap-3 rounded-xl border border-line-strong border-dashed bg-surface px-4 py-4 sm:px-6">
      <Field id={field} label="Name of the messages" hint={HINT} error={error}>
        <TextInput
          id={field}
          value={name}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy(field, HINT, error)}
          onChange={(event) => onChange({ type: 'placeholder', id, fields: { name: event.target.value } })}
        />
      </Field>
      <label className="flex min-h-8 items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={required}
          onChange={(event) =>
            onChange({ type: 'placeholder', id, fields: { required: event.target.checked } })
          }
          className="size-4 accent-(--fill)"
        />
        Messages must be given
      </label>
    </div>
  )
}
