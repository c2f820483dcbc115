'use client'

import { Plus, SlidersHorizontal } from 'lucide-react'
import dynamic from 'next/dynamic'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import { lastingPart } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import { VARIABLE_TYPES, type Variable, type VariableType } from '#lib/liquid/variable.ts'
import type { Declarations } from '../test/variable-form.tsx'
import { typeLabel } from '../variable-type.ts'
import type { Checked, Problem } from './check.ts'
import { rowOf, type VariableRow } from './draft.ts'
import type { DraftChange } from './draft-change.ts'

const VariableDetails = dynamic(
  lastingPart(async () => (await import('./variable-details.tsx')).VariableDetails),
)

/** The variable whose details are open, and the field in them that takes the focus. */
export interface OpenVariable {
  id: string
  field: string | undefined
}

const ADD_ID = 'add-variable'

/**
 * What can be changed about the variables, beside the fields for their values. One that the text uses is
 * declared as soon as something is said of it, else when the draft is saved.
 */
export function useDeclarations(options: {
  rows: readonly VariableRow[]
  checked: Checked | undefined
  problems: readonly Problem[]
  open: OpenVariable | undefined
  onOpen: (open: OpenVariable | undefined) => void
  onChange: (change: DraftChange) => void
}): Declarations {
  const { rows, checked, problems, open, onOpen, onChange } = options
  // Whoever chooses a type goes on typing at once.
  const rowAt = (index: number) => rows[index]
  const keyOf = ({ name }: Variable, index: number) => rowAt(index)?.id ?? freeId(name, rows)

  /** Those before it are declared along with it, so that no row changes its place. */
  const declare = (all: readonly Variable[], index: number, fields: Partial<VariableRow>): string => {
    const known = rowAt(index)
    if (known) {
      onChange({ type: 'variable', id: known.id, fields })
      return known.id
    }
    const made = all.slice(rows.length, index + 1).map((each) => rowOf(each, freeId(each.name, rows)))
    const last = made.at(-1)
    onChange({ type: 'variable-add', rows: made.map((row) => (row === last ? { ...row, ...fields } : row)) })
    return last?.id ?? ''
  }
  const remove = (row: VariableRow, at: number) => {
    onChange({ type: 'variable-remove', id: row.id })
    onOpen(undefined)
    document.getElementById(ADD_ID)?.focus()
    showToast({
      message: row.name === '' ? 'Variable removed' : `${row.name} removed`,
      action: { label: 'Undo', run: () => onChange({ type: 'variable-add', rows: [row], at }) },
    })
  }
  return {
    isOpen: open !== undefined,
    keyOf,
    add: (
      <Button
        look="outline"
        id={ADD_ID}
        onPress={() => {
          const id = crypto.randomUUID()
          onChange({ type: 'variable-add', rows: [rowOf({ name: '', type: 'string', required: true }, id)] })
          onOpen({ id, field: 'name' })
        }}
      >
        <Plus aria-hidden="true" />
        Add
      </Button>
    ),
    asideOf: (variable, index, all) => {
      const id = keyOf(variable, index)
      const isOpen = open?.id === id
      return (
        <Aside
          id={id}
          variable={variable}
          isNew={rowAt(index) === undefined}
          problems={problemsAt(problems, index)}
          isOpen={isOpen}
          onType={(type) => {
            const declared = declare(all, index, { type })
            // Without its values a choice means nothing.
            if (type === 'enum') onOpen({ id: declared, field: 'enum' })
          }}
          onToggle={() => onOpen(isOpen ? undefined : { id: declare(all, index, {}), field: undefined })}
        />
      )
    },
    belowOf: (_, index) => {
      const row = rowAt(index)
      if (row === undefined || open?.id !== row.id) return null
      const places = checked?.analysis.variables.find(({ name }) => name === row.name)?.places ?? []
      return (
        <VariableDetails
          id={detailsId(row.id)}
          row={row}
          focus={open}
          problems={problemsAt(problems, index)}
          places={places}
          taken={rows.filter(({ id }) => id !== row.id).map(({ name }) => name)}
          onChange={onChange}
          onRemove={places.length === 0 ? () => remove(row, index) : undefined}
        />
      )
    },
  }
}

/** The id of a row that a variable gets, or has as long as it is not declared; it stays over a renaming. */
function freeId(name: string, rows: readonly VariableRow[]): string {
  const id = `variable-${name}`
  return rows.some((row) => row.id === id) ? `${id}-again` : id
}

const detailsId = (id: string) => `${id}-details`

function problemsAt(problems: readonly Problem[], index: number): Problem[] {
  return problems.filter(({ path }) => path[0] === 'variables' && path[1] === index)
}

/** The type of a variable, to be changed at once, and the way to everything else about it. */
function Aside(props: {
  id: string
  variable: Variable
  isNew: boolean
  problems: readonly Problem[]
  isOpen: boolean
  onType: (type: VariableType) => void
  onToggle: () => void
}) {
  const { id, variable, isNew, problems, isOpen, onType, onToggle } = props
  const name = variable.name || 'the new variable'
  return (
    <div className="flex items-center gap-1.5">
      {isNew && <Badge>new</Badge>}
      {problems.some(({ code }) => code === 'unused_variable') && <Badge>unused</Badge>}
      {problems.some(({ severity }) => severity === 'error') && <Badge tone="rubric">to mend</Badge>}
      <Select
        id={`${id}-type`}
        aria-label={`Type of ${name}`}
        className="[&_button]:h-6 [&_button]:gap-1 [&_button]:rounded-full [&_button]:border-line [&_button]:bg-sunken [&_button]:px-2.5 [&_button]:text-ink-soft [&_button]:text-xs sm:[&_button]:text-xs [&_svg]:size-3"
        choices={typesFor(variable.type).map((type) => ({
          id: type,
          label: type === variable.type ? typeLabel(variable) : typeLabel({ ...PLAIN, type }),
        }))}
        value={variable.type}
        onChange={(type) => onType(type as VariableType)}
      />
      <Button
        look="quiet"
        square
        aria-label={`Details of ${name}`}
        aria-expanded={isOpen}
        aria-controls={detailsId(id)}
        onPress={onToggle}
        className={classNames('size-6', isOpen && 'text-lapis')}
      >
        <SlidersHorizontal aria-hidden="true" />
      </Button>
    </div>
  )
}

const PLAIN: Variable = { name: '', type: 'string', required: true }

/** A placeholder alone makes a variable of messages, and it has no other type. */
function typesFor(type: VariableType): readonly VariableType[] {
  return type === 'messages' ? [type] : VARIABLE_TYPES.filter((id) => id !== 'messages')
}
