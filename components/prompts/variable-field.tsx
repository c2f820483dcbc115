'use client'

import { describedBy, Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { TextArea, TextInput } from '#components/ui/text-area.tsx'
import type { Variable } from '#lib/prompts/variables/variable.ts'
import { fieldText } from './form-values.ts'
import { typeLabel } from './variable-type.ts'

const NOT_GIVEN = ''

/** The field for one variable, made from its declaration. */
export function VariableField({
  variable,
  value,
  error,
  onChange,
}: {
  variable: Variable
  value: string
  error: string | undefined
  onChange: (value: string) => void
}) {
  const { name, description, required } = variable
  const id = fieldId(name)
  return (
    <div data-field-of={name}>
      <Field
        id={id}
        label={
          <>
            <span className="break-all font-mono font-normal">{name}</span>
            {required && (
              <span className="ml-1 text-rubric" title="required">
                *<span className="sr-only"> required</span>
              </span>
            )}
          </>
        }
        aside={typeLabel(variable)}
        hint={description}
        error={error}
      >
        <Input variable={variable} id={id} value={value} error={error} onChange={onChange} />
      </Field>
    </div>
  )
}

/** The id of a variable's field: what names a missing variable leads there. */
export function fieldId(variable: string): string {
  return `variable-${variable}`
}

interface InputProps {
  variable: Variable
  id: string
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function Input({ variable, id, value, error, onChange }: InputProps) {
  const described = describedBy(id, variable.description, error)
  const common = {
    id,
    value,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': described,
    placeholder: placeholderOf(variable),
  }
  const choices = choicesOf(variable)
  if (choices)
    return (
      <Select
        id={id}
        aria-labelledby={`${id}-label`}
        {...(described ? { 'aria-describedby': described } : {})}
        choices={[...(variable.required ? [] : [{ id: NOT_GIVEN, label: 'not given' }]), ...choices]}
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

function choicesOf({ type, enum: values }: Variable) {
  if (type === 'boolean') return ['true', 'false'].map((id) => ({ id, label: id }))
  return values?.map((id) => ({ id, label: id }))
}

function placeholderOf({ default: fallback, type }: Variable): string {
  if (fallback !== undefined) return fieldText(fallback)
  if (type === 'array') return '[ … ]'
  return type === 'object' ? '{ … }' : ''
}
