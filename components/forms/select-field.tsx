'use client'

import type { ReactNode } from 'react'
import { describedBy, Field } from '#components/ui/field.tsx'
import { type Choice, Select } from '#components/ui/overlays/select.tsx'
import type { Form } from './use-form.ts'

type TextKey<V> = { [F in keyof V]: V[F] extends string ? F : never }[keyof V] & string

/** A choice of a form, with its label, hint and fault. */
export function SelectField<V extends object>({
  form,
  field,
  label,
  hint,
  choices,
  change,
}: {
  form: Pick<Form<V>, 'id' | 'values' | 'faults' | 'set'>
  field: TextKey<V>
  label: string
  hint?: ReactNode
  choices: readonly Choice[]
  /** The change that a choice makes; left out: the field. */
  change?: (id: string) => Partial<V>
}) {
  const id = `${form.id}-${field}`
  const error = form.faults[field]
  const described = describedBy(id, hint, error)
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <Select
        id={id}
        aria-labelledby={`${id}-label`}
        {...(described === undefined ? {} : { 'aria-describedby': described })}
        isInvalid={error !== undefined}
        choices={choices}
        value={String(form.values[field])}
        onChange={(chosen) => form.set(change?.(chosen) ?? ({ [field]: chosen } as Partial<V>))}
      />
    </Field>
  )
}
