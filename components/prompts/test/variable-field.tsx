'use client'

import type { ReactNode } from 'react'
import { describedBy, Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { TextArea, TextInput } from '#components/ui/text-area.tsx'
import type { Variable } from '#lib/liquid/variable.ts'
import { cutText } from '#lib/text.ts'
import { BooleanField } from './boolean-field.tsx'
import { fieldText, jsonPlace } from './form-values.ts'

const NOT_GIVEN = ''

/** The field for one variable, made from its declaration. */
export function VariableField({
  variable,
  aside,
  below,
  value,
  error: refused,
  onChange,
}: {
  variable: Variable
  /** Its type, and what else is to be known of it at a glance. */
  aside: ReactNode
  below: ReactNode
  value: string
  error: string | undefined
  onChange: (value: string) => void
}) {
  const { name, required } = variable
  const id = fieldId(name)
  const place = jsonPlace(variable, value)
  const error = place === undefined ? refused : `Not JSON yet, ${place}`
  return (
    <div data-variable-row={name} className="flex flex-col gap-1.5">
      <Field
        id={id}
        label={
          <>
            <span className="break-all font-mono font-normal">{name || 'unnamed'}</span>
            {required && (
              <span className="ml-1 text-rubric" title="required">
                *<span className="sr-only"> required</span>
              </span>
            )}
          </>
        }
        aside={aside}
        hint={hintOf(variable)}
        error={error}
      >
        {name !== '' && <Input variable={variable} id={id} value={value} error={error} onChange={onChange} />}
      </Field>
      {below}
    </div>
  )
}

/** The id of a variable's field: what names a missing variable leads there. */
export function fieldId(variable: string): string {
  return `value-${variable}`
}

const LONGEST_DEFAULT = 60

function hintOf({ description, default: fallback }: Variable): ReactNode {
  if (fallback === undefined) return description
  const text = typeof fallback === 'string' ? fallback : JSON.stringify(fallback)
  return (
    <>
      {description && `${description} · `} {/* The placeholder shows the whole of it. */}
      <span className="whitespace-nowrap">
        Default: <span className="font-mono">{cutText(text, LONGEST_DEFAULT) || '""'}</span>
      </span>
    </>
  )
}

interface InputProps {
  variable: Variable
  id: string
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function Input({ variable, id, value, error, onChange }: InputProps) {
  const described = describedBy(id, variable.description ?? variable.default, error)
  const common = {
    id,
    value,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': described,
    placeholder: placeholderOf(variable),
  }
  if (variable.type === 'boolean')
    return (
      <BooleanField
        id={id}
        value={value}
        isRequired={variable.required}
        isInvalid={error !== undefined}
        describedBy={described}
        onChange={onChange}
      />
    )
  const choices = variable.enum?.map((each) => ({ id: each, label: each }))
  if (choices)
    return (
      <Select
        id={id}
        aria-labelledby={`${id}-label`}
        {...(described ? { 'aria-describedby': described } : {})}
        choices={[...(variable.required ? [] : [{ id: NOT_GIVEN, label: notGiven(variable) }]), ...choices]}
        value={variable.required && value === '' ? null : value}
        onChange={onChange}
        placeholder={placeholderOf(variable) || 'Choose'}
        isInvalid={error !== undefined}
      />
    )
  if (variable.type === 'number' || variable.type === 'integer')
    return (
      <TextInput
        {...common}
        inputMode={variable.type === 'integer' ? 'numeric' : 'decimal'}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    )
  const isJson = variable.type === 'array' || variable.type === 'object'
  return (
    <TextArea
      {...common}
      spellCheck={!isJson}
      className={isJson ? 'font-mono' : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function notGiven({ default: fallback }: Variable): string {
  return fallback === undefined ? 'not given' : `not given, so ${fieldText(fallback)}`
}

function placeholderOf({ default: fallback, type }: Variable): string {
  if (fallback !== undefined) return fieldText(fallback)
  if (type === 'messages') return 'What the user said, or [{"role": "user", "content": "…"}]'
  if (type === 'array') return '[ … ]'
  return type === 'object' ? '{ … }' : ''
}
