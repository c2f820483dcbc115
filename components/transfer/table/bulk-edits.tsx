'use client'

import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import type { Editing } from './item-table.tsx'

const TO_DO = [
  { id: 'take', label: 'Take them along' },
  { id: 'skip', label: 'Leave them out' },
  { id: 'version', label: 'Taken name: new version' },
  { id: 'rename', label: 'Taken name: new prompt' },
]

/** Changes of all items that are selected. */
export function BulkEdits({
  chosen,
  total,
  editing,
  onAll,
  onClear,
}: {
  chosen: readonly string[]
  /** How many rows there are. */
  total: number
  editing: Editing
  onAll: () => void
  onClear: () => void
}) {
  if (total === 0) return null
  return (
    <div
      role="toolbar"
      aria-label="Selected items"
      className="mb-2 flex min-h-9 flex-wrap items-center gap-2"
    >
      <label className="flex min-h-8 items-center gap-2 pr-2 text-sm">
        <input
          type="checkbox"
          checked={chosen.length === total}
          ref={(box) => {
            if (box) box.indeterminate = chosen.length > 0 && chosen.length < total
          }}
          onChange={({ target }) => (target.checked ? onAll() : onClear())}
          className="size-4 accent-(--fill)"
        />
        {chosen.length === 0 ? 'Select all' : `${counted(chosen.length, 'item')} selected`}
      </label>
      {chosen.length > 0 && (
        <>
          <Acts chosen={chosen} editing={editing} />
          <Button look="quiet" onPress={onClear}>
            Clear
          </Button>
        </>
      )}
    </div>
  )
}

function Acts({ chosen, editing }: { chosen: readonly string[]; editing: Editing }) {
  const { categories, edit } = editing
  return (
    <>
      <Select
        aria-label="Category of the selected items"
        placeholder="Category"
        className="w-44 [&_button]:h-8"
        choices={categories}
        value={null}
        onChange={(slug) => edit(chosen, { category: slug === 'none' ? null : slug })}
      />
      <Select
        aria-label="What to do with the selected items"
        placeholder="What to do"
        className="w-52 [&_button]:h-8"
        choices={TO_DO}
        value={null}
        onChange={(id) => {
          if (id === 'take' || id === 'skip') edit(chosen, { skip: id === 'skip' })
          if (id === 'version' || id === 'rename') edit(chosen, { skip: false, on_conflict: id })
        }}
      />
    </>
  )
}
