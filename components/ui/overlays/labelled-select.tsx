'use client'

import { type ReactNode, useId } from 'react'
import { describedBy, Field } from '../field.tsx'
import { Select, type SelectProps } from './select.tsx'

/** A choice with its label, and with its hint and fault where there are some. */
export function LabelledSelect({
  label,
  hint,
  error,
  id: given,
  ...select
}: Omit<SelectProps, 'aria-label' | 'aria-labelledby' | 'aria-describedby' | 'isInvalid'> & {
  label: string
  hint?: ReactNode
  error?: string | undefined
}) {
  const own = useId()
  const id = given ?? own
  const described = describedBy(id, hint, error)
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <Select
        {...select}
        id={id}
        aria-labelledby={`${id}-label`}
        {...(described === undefined ? {} : { 'aria-describedby': described })}
        isInvalid={error !== undefined}
      />
    </Field>
  )
}
