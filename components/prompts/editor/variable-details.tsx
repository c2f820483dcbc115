'use client'

import { Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { describedBy, Field } from '#components/ui/field.tsx'
import { TextArea, TextInput } from '#components/ui/text-area.tsx'
import { isVariableName, VARIABLE_NAME_RULE } from '#lib/liquid/name-rules.ts'
import type { Place } from '#lib/liquid/types.ts'
import type { VariableType } from '#lib/liquid/variable.ts'
import type { Problem } from '../draft/check.ts'
import type { VariableRow } from '../draft/draft.ts'
import type { DraftChange } from '../draft/draft-change.ts'
import type { OpenVariable } from './use-declarations.tsx'

interface Props {
  /** The id of the whole element, for the `aria-controls` of the button that opens it. */
  id: string
  row: VariableRow
  /** Which of the fields takes the focus; asked anew by another object. */
  focus: OpenVariable
  problems: readonly Problem[]
  places: readonly Place[]
  taken: readonly string[]
  onChange: (change: DraftChange) => void
  /** Left out while a text uses it: then it would come back at once. */
  onRemove: (() => void) | undefined
}

type TextKey = 'description' | 'default' | 'enum' | 'pattern' | 'min' | 'max' | 'example'

interface TextFieldSpec {
  key: TextKey
  label: string
  hint?: string
  isLong?: boolean
  isMono?: boolean
}

/** Everything that a declaration can say beside the type, as far as it applies to that. */
export function VariableDetails(props: Props) {
  const { id, row, focus, problems, places, taken, onChange, onRemove } = props
  useEffect(() => {
    if (focus.field !== undefined) document.getElementById(`${row.id}-${focus.field}`)?.focus()
  }, [focus, row.id])
  const set = (fields: Partial<VariableRow>) => onChange({ type: 'variable', id: row.id, fields })
  const errorOf = (key: string) =>
    problems.find(({ path, severity }) => severity === 'error' && path[2] === key)?.message
  return (
    <div
      id={id}
      className="mt-1 grid gap-4 rounded-lg border border-line bg-sunken px-4 pt-3 pb-4 sm:grid-cols-2"
    >
      <NameField row={row} places={places} taken={taken} onChange={onChange} />
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
      {onRemove && (
        <div className="sm:col-span-2">
          <Button look="outline" onPress={onRemove}>
            <Trash2 aria-hidden="true" />
            Remove {row.name || 'it'}
          </Button>
        </div>
      )}
    </div>
  )
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
function NameField({ row, places, taken, onChange }: Pick<Props, 'row' | 'places' | 'taken' | 'onChange'>) {
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
