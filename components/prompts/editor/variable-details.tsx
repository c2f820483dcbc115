'use client'

import { useState } from 'react'
import { describedBy, Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { TextArea, TextInput } from '#components/ui/text-area.tsx'
import { isVariableName, VARIABLE_NAME_RULE } from '#lib/prompts/template/name-rules.ts'
import type { Place } from '#lib/prompts/template/types.ts'
import { VARIABLE_TYPES, type VariableType } from '#lib/prompts/variables/variable.ts'
import type { Problem } from './check.ts'
import type { VariableRow } from './draft.ts'
import type { DraftChange } from './draft-change.ts'

interface Props {
  row: VariableRow
  problems: readonly Problem[]
  places: readonly Place[]
  taken: readonly string[]
  onChange: (change: DraftChange) => void
}

type TextKey = 'description' | 'default' | 'enum' | 'pattern' | 'min' | 'max' | 'example'

interface TextFieldSpec {
  key: TextKey
  label: string
  hint?: string
  isLong?: boolean
  isMono?: boolean
}

/** Everything that a declaration can say, as far as it applies to the type. */
export function VariableDetails({ row, problems, places, taken, onChange }: Props) {
  const set = (fields: Partial<VariableRow>) => onChange({ type: 'variable', id: row.id, fields })
  const errorOf = (key: string) =>
    problems.find(({ path, severity }) => severity === 'error' && path[2] === key)?.message
  return (
    <div className="grid gap-4 pt-1 pb-5 sm:grid-cols-2">
      <NameField row={row} places={places} taken={taken} onChange={onChange} />
      <Field id={`${row.id}-type`} label="Type">
        <Select
          id={`${row.id}-type`}
          aria-labelledby={`${row.id}-type-label`}
          choices={typesFor(row.type).map((id) => ({ id, label: id }))}
          value={row.type}
          onChange={(type) => set({ type: type as VariableType })}
        />
      </Field>
      <label className="flex min-h-8 items-center gap-2 text-sm sm:col-span-2">
        <input
          type="checkbox"
          checked={row.required}
          onChange={(event) => set({ required: event.target.checked })}
          className="size-4 accent-(--fill)"
        />
        A value must be given
      </label>
      {fieldsFor(row.type).map((spec) => (
        <TextField
          key={spec.key}
          id={`${row.id}-${spec.key}`}
          spec={spec}
          value={row[spec.key] ?? ''}
          error={errorOf(spec.key)}
          onChange={(text) => set({ [spec.key]: text === '' && isOptional(spec.key) ? undefined : text })}
        />
      ))}
    </div>
  )
}

/** A placeholder alone makes a variable of messages, and it has no other type. */
function typesFor(type: VariableType): readonly VariableType[] {
  return type === 'messages' ? [type] : VARIABLE_TYPES.filter((id) => id !== 'messages')
}

const isOptional = (key: TextKey) => key === 'default' || key === 'example'

function fieldsFor(type: VariableType): TextFieldSpec[] {
  const isJson = type === 'array' || type === 'object' || type === 'messages'
  const bounds: TextFieldSpec[] =
    type === 'number' || type === 'integer'
      ? [
          { key: 'min', label: 'Smallest' },
          { key: 'max', label: 'Largest' },
        ]
      : type === 'string'
        ? [
            { key: 'min', label: 'Shortest' },
            { key: 'max', label: 'Longest' },
          ]
        : type === 'array' || type === 'messages'
          ? [
              { key: 'min', label: 'Fewest' },
              { key: 'max', label: 'Most' },
            ]
          : []
  return [
    { key: 'description', label: 'Description', hint: 'Agents and people read it.', isLong: true },
    ...(type === 'enum' || type === 'string'
      ? [{ key: 'enum', label: 'Allowed values', hint: 'One a line.', isLong: true, isMono: true } as const]
      : []),
    { key: 'default', label: 'Default', isLong: isJson, isMono: isJson },
    { key: 'example', label: 'Example', isLong: isJson, isMono: isJson },
    ...bounds,
    ...(type === 'string'
      ? [{ key: 'pattern', label: 'Pattern', hint: 'In RE2 syntax.', isMono: true } as const]
      : []),
  ]
}

function TextField(props: {
  id: string
  spec: TextFieldSpec
  value: string
  error: string | undefined
  onChange: (text: string) => void
}) {
  const { id, spec, value, error, onChange } = props
  const common = {
    id,
    value,
    autoComplete: 'off',
    'aria-invalid': error ? (true as const) : undefined,
    'aria-describedby': describedBy(id, spec.hint, error),
    className: spec.isMono ? 'font-mono' : undefined,
  }
  return (
    <div className={spec.isLong ? 'sm:col-span-2' : undefined}>
      <Field id={id} label={spec.label} hint={spec.hint} error={error}>
        {spec.isLong ? (
          <TextArea {...common} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <TextInput {...common} onChange={(event) => onChange(event.target.value)} />
        )}
      </Field>
    </div>
  )
}

/** A name counts when the field is left or Enter is pressed: then it changes in the texts, too. */
function NameField({ row, places, taken, onChange }: Omit<Props, 'problems'>) {
  const [typed, setTyped] = useState<string>()
  const id = `${row.id}-name`
  const shown = typed ?? row.name
  const error = taken.includes(shown)
    ? 'There is a variable of this name already.'
    : shown === '' || isVariableName(shown)
      ? undefined
      : `A variable name is ${VARIABLE_NAME_RULE}.`
  const commit = () => {
    if (typed !== undefined && typed !== row.name && isVariableName(typed) && !taken.includes(typed))
      onChange({ type: 'variable-rename', id: row.id, name: typed, places })
    if (typed === row.name || (typed !== undefined && error === undefined)) setTyped(undefined)
  }
  const hint = places.length > 0 ? 'A new name is set in the text, too.' : undefined
  return (
    <Field id={id} label="Name" hint={hint} error={error}>
      <TextInput
        id={id}
        value={shown}
        autoComplete="off"
        spellCheck={false}
        className="font-mono"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) commit()
        }}
      />
    </Field>
  )
}
