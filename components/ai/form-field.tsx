'use client'

import type { ComponentProps, ReactNode } from 'react'
import { describedBy, Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import type { FormField, FormValues } from './configuration-form.ts'
import type { ConfigurationForm } from './use-configuration-form.ts'

type TextField = { [F in FormField]: FormValues[F] extends string ? F : never }[FormField]

interface FormTextProps extends Omit<ComponentProps<'input'>, 'id' | 'form' | 'value' | 'onChange'> {
  form: ConfigurationForm
  id: string
  field: TextField
  label: string
  aside?: ReactNode
  hint?: ReactNode
  /** What else a text changes. */
  change?: (text: string) => Partial<FormValues>
}

/** One line of the form. */
export function FormText({ form, id, field, label, aside, hint, change, ...props }: FormTextProps) {
  const own = `${id}-${field}`
  const error = form.faults[field]
  return (
    <Field id={own} label={label} aside={aside} hint={hint} error={error}>
      <TextInput
        {...props}
        id={own}
        autoComplete="off"
        spellCheck={false}
        value={form.values[field]}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(own, hint, error)}
        onChange={({ target }) => form.set(change?.(target.value) ?? { [field]: target.value })}
      />
    </Field>
  )
}

/** One number of the form; empty means none. */
export function FormNumber(props: FormTextProps) {
  return <FormText inputMode="decimal" placeholder="none" {...props} className="tabular-nums" />
}
