'use client'

import { useRef, useState } from 'react'
import { extendTo, isShiftClick, NONE_SELECTED, toggle } from '#components/prompts/list/use-selection.ts'
import { Rows } from '#components/rows/rows.tsx'
import { useListKeys } from '#components/rows/use-list-keys.ts'
import { classNames } from '#components/ui/class-names.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import type { Choice } from '#components/ui/overlays/select.tsx'
import type { ImportItem } from '#lib/transfer/schema.ts'
import type { Edits, ItemEdit } from '../plan/item-plan.ts'
import { BulkEdits } from './bulk-edits.tsx'
import { ItemRow } from './item-row.tsx'
import { TableTools } from './table-tools.tsx'
import { useShownItems } from './use-shown-items.ts'

/** One item with everything that is known of it. */
const ItemDialog = dialogPart(
  async () => (await import('./item-dialog.tsx')).ItemDialog,
  ({ onClose }) => onClose(),
)

/** What a row can be changed by; a table without it only shows. */
export interface Editing {
  edits: Edits
  faults: ReadonlyMap<string, string>
  categories: readonly Choice[]
  edit: (keys: readonly string[], edit: ItemEdit) => void
  /** The answer is older than the edits. */
  isOld: boolean
}

const GRID =
  'grid grid-cols-[1.75rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5 px-3 text-sm ' +
  'lg:grid-cols-[1.25rem_8.5rem_minmax(11rem,1.1fr)_10.5rem_minmax(0,1.6fr)_minmax(0,0.9fr)]'
const GRID_READ =
  'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5 px-3 text-sm ' +
  'lg:grid-cols-[8.5rem_minmax(11rem,1.1fr)_8rem_minmax(0,1.6fr)_minmax(0,0.9fr)]'
const ROW = 'group relative py-2 hover:bg-sunken lg:py-1.5'

/**
 * What becomes of each item of an import: problems first. With `editing` names, categories and what to do can be
 * changed, one by one or many at once.
 */
export function ItemTable({
  items,
  editing,
  isMade = false,
  textOf,
}: {
  items: readonly ImportItem[]
  editing?: Editing | undefined
  /** The prompts are there: names lead to them. */
  isMade?: boolean
  /** The text of a file as it was brought, where the browser has it. */
  textOf?: ((path: string) => Promise<string | undefined>) | undefined
}) {
  const shown = useShownItems(items)
  const { keys, itemOf } = shown
  const list = useRef<HTMLDivElement>(null)
  const selection = useSelectedKeys(keys)
  const [opened, setOpened] = useState<string>()
  useListKeys(list, keys.length, { id: 'import', group: 'Import', open: 'Look at the item' })
  const grid = editing ? GRID : GRID_READ
  const renderRow = (index: number) => {
    const key = keys[index]
    const item = key === undefined ? undefined : itemOf(key)
    if (key === undefined || item === undefined) return null
    const { isSelected, select } = selection
    const row = { item, editing, isMade, isSelected: isSelected(key), onSelect: select, onOpen: setOpened }
    return <ItemRow id={key} {...row} />
  }
  return (
    <div ref={list}>
      <TableTools shown={shown} />
      {editing && <BulkEdits total={keys.length} editing={editing} {...selection} />}
      <table
        aria-label="Items of the import"
        aria-rowcount={keys.length + 1}
        className="-mx-3 block w-[calc(100%+1.5rem)]"
      >
        <Headings grid={grid} isEdited={editing !== undefined} />
        <Rows tableRow={classNames(grid, ROW)} ids={keys} total={keys.length} renderRow={renderRow} />
      </table>
      {keys.length === 0 && <p className="py-10 text-center text-ink-soft">Nothing fits.</p>}
      <OpenedItem opened={opened} shown={shown} textOf={textOf} onOpen={setOpened} />
    </div>
  )
}

/** Which rows are ticked. */
function useSelectedKeys(keys: readonly string[]) {
  const [selected, setSelected] = useState(NONE_SELECTED)
  return {
    chosen: keys.filter((key) => selected.names.has(key)),
    isSelected: (key: string) => selected.names.has(key),
    select: (key: string, event: Event) =>
      setSelected((now) => (isShiftClick(event) ? extendTo(now, key, keys) : toggle(now, key))),
    onAll: () => setSelected({ names: new Set(keys), anchor: keys[0] ?? null }),
    onClear: () => setSelected(NONE_SELECTED),
  }
}

/** The item that is looked at, with the ways to those beside it. */
function OpenedItem({
  opened,
  shown: { keys, itemOf },
  textOf,
  onOpen,
}: {
  opened: string | undefined
  shown: ReturnType<typeof useShownItems>
  textOf: ((path: string) => Promise<string | undefined>) | undefined
  onOpen: (key: string | undefined) => void
}) {
  const item = opened === undefined ? undefined : itemOf(opened)
  if (opened === undefined || item === undefined) return null
  const step = (by: number) => keys[keys.indexOf(opened) + by]
  return (
    <ItemDialog
      item={item}
      textOf={textOf}
      steps={{ back: step(-1) !== undefined, on: step(1) !== undefined }}
      onStep={(by) => onOpen(step(by))}
      onClose={() => onOpen(undefined)}
    />
  )
}

function Headings({ grid, isEdited }: { grid: string; isEdited: boolean }) {
  const names = [isEdited ? 'What happens' : 'What happened', 'Name', 'Category', 'Notes', 'From']
  return (
    <thead className="block border-line-strong border-b max-lg:sr-only">
      <tr className={classNames(grid, 'h-8 text-ink-faint text-xs')}>
        {isEdited && (
          <th scope="col" className="font-medium">
            <span className="sr-only">Selected</span>
          </th>
        )}
        {names.map((name) => (
          <th key={name} scope="col" className="text-left font-medium">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  )
}
