'use client'

import type { Ref } from 'react'
import { describedBy, Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { TITLE_LENGTH } from '#lib/prompts/rules.ts'

export const TITLE_ID = 'detail-title'

/** The title of a version, in whatever words and letters. */
export function TitleField({
  title,
  error,
  hint,
  placeholder,
  onChange,
  ref,
}: {
  title: string
  error: string | undefined
  hint?: string
  placeholder?: string
  onChange: (title: string) => void
  ref?: Ref<HTMLInputElement>
}) {
  return (
    <Field id={TITLE_ID} label="Title" hint={hint} error={error}>
      <TextInput
        id={TITLE_ID}
        ref={ref}
        value={title}
        maxLength={TITLE_LENGTH}
        placeholder={placeholder}
        autoComplete="off"
        aria-describedby={describedBy(TITLE_ID, hint, error)}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
