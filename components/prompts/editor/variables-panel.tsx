'use client'

import { Plus } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { Checked, Problem } from './check.ts'
import { rowOf, type VariableRow } from './draft.ts'
import type { DraftChange } from './draft-change.ts'
import { VariableItem } from './variable-item.tsx'

interface Props {
  variables: readonly VariableRow[]
  checked: Checked | undefined
  problems: readonly Problem[]
  /** Id of the variable that is open. */
  open: string | undefined
  onOpen: (id: string | undefined) => void
  onChange: (change: DraftChange) => void
}

/** The declared variables, and those that the text uses without a declaration. */
export function VariablesPanel({ variables, checked, problems, open, onOpen, onChange }: Props) {
  const undeclared = (checked?.undeclared ?? []).filter(
    ({ name }) => !variables.some((row) => row.name === name),
  )
  const declare = (names: readonly string[]) => {
    const rows = undeclared
      .filter(({ name }) => names.includes(name))
      .map((variable) => rowOf(variable, crypto.randomUUID()))
    onChange({ type: 'variable-add', rows })
    if (rows.length === 1) onOpen(rows[0]?.id)
  }
  const add = () => {
    const id = crypto.randomUUID()
    onChange({ type: 'variable-add', rows: [rowOf({ name: '', type: 'string', required: true }, id)] })
    onOpen(id)
  }
  const remove = (row: VariableRow, at: number) => {
    onChange({ type: 'variable-remove', id: row.id })
    showToast({
      message: row.name === '' ? 'Variable removed' : `${row.name} removed`,
      action: { label: 'Undo', run: () => onChange({ type: 'variable-add', rows: [row], at }) },
    })
  }
  return (
    <section aria-labelledby="declared-heading">
      <div className="mb-2 flex items-center justify-between gap-2">
        <h2 id="declared-heading" className="font-serif text-xl">
          Declared variables
        </h2>
        <Button look="outline" onPress={add}>
          <Plus aria-hidden="true" />
          Add
        </Button>
      </div>
      {undeclared.length > 0 && <Undeclared names={undeclared.map(({ name }) => name)} onDeclare={declare} />}
      {variables.length === 0 && undeclared.length === 0 && (
        <p className="text-ink-soft text-sm">
          None yet. Write <code className="font-mono">{'{{ name }}'}</code> in the text and declare it here.
        </p>
      )}
      <ul className="divide-y divide-line border-line border-y empty:hidden">
        {variables.map((row, index) => (
          <VariableItem
            key={row.id}
            row={row}
            isOpen={open === row.id}
            onOpen={(isOpen) => onOpen(isOpen ? row.id : undefined)}
            problems={problems.filter(({ path }) => path[0] === 'variables' && path[1] === index)}
            places={checked?.analysis.variables.find(({ name }) => name === row.name)?.places ?? []}
            taken={variables.filter(({ id }) => id !== row.id).map(({ name }) => name)}
            onChange={onChange}
            onRemove={() => remove(row, index)}
          />
        ))}
      </ul>
    </section>
  )
}

function Undeclared({ names, onDeclare }: { names: string[]; onDeclare: (names: string[]) => void }) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2 rounded-lg bg-rubric-wash px-3 py-2 text-sm">
      <p className="min-w-0 flex-1 basis-40">Used in the text and not declared:</p>
      {names.map((name) => (
        <Button key={name} look="outline" aria-label={`Declare ${name}`} onPress={() => onDeclare([name])}>
          Declare <code className="font-mono">{name}</code>
        </Button>
      ))}
      {names.length > 1 && (
        <Button look="primary" onPress={() => onDeclare(names)}>
          Declare all
        </Button>
      )}
    </div>
  )
}
