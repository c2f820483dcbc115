'use client'

import type { ComponentProps, ReactNode } from 'react'
import { describedBy, Field } from '#components/ui/field.tsx'
import { TextArea, TextInput } from '#components/ui/text-area.tsx'
import type { Form } from './use-form.ts'

type TextKey<V> = { [F in keyof V]: V[F] extends string ? F : never }[keyof V] & string

interface Props<V> extends Omit<ComponentProps<'input'>, 'id' | 'form' | 'value' | 'onChange'> {
  form: Pick<Form<V>, 'id' | 'values' | 'faults' | 'set'>
  field: TextKey<V>
  label: string
  aside?: ReactNode
  hint?: ReactNode
  /** Lines of a longer text; left out: it is one line. */
  rows?: number
  /** The change that a text makes; left out: the field. */
  change?: (text: string) => Partial<V>
}

/** A text field of a form, with its label, hint and fault. */
export function TextField<V extends object>(fieldProps: Props<V>) {
  const { form, field, label, aside, hint, rows, change, ...props } = fieldProps
  const id = `${form.id}-${field}`
  const error = form.faults[field]
  const shared = {
    id,
    value: String(form.values[field]),
    'aria-invalid': error !== undefined,
    'aria-describedby': describedBy(id, hint, error),
  }
  const set = (text: string) => form.set(change?.(text) ?? ({ [field]: text } as Partial<V>))
  return (
    <Field id={id} label={label} aside={aside} hint={hint} error={error}>
      {rows === undefined ? (
        <TextInput
          autoComplete="off"
          spellCheck={false}
          {...props}
          {...shared}
          onChange={({ target }) => set(target.value)}
        />
      ) : (
        <TextArea
          rows={rows}
          maxLength={props.maxLength}
          {...shared}
          onChange={({ target }) => set(target.value)}
        />
      )}
    </Field>
  )
}
