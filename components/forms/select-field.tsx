'use client'

import type { ReactNode } from 'react'
import { LabelledSelect } from '#components/ui/overlays/labelled-select.tsx'
import type { Choice } from '#components/ui/overlays/select.tsx'
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
  return (
    <LabelledSelect
      id={`${form.id}-${field}`}
      label={label}
      hint={hint}
      error={form.faults[field]}
      choices={choices}
      value={String(form.values[field])}
      onChange={(chosen) => form.set(change?.(chosen) ?? ({ [field]: chosen } as Partial<V>))}
    />
  )
}
