'use client'

import { ArrowDown, ArrowUp, Ellipsis, GripVertical, Merge, Pencil, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useEffectEvent, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import type { Category } from '#lib/categories/schema.ts'
import { CategoryMark } from '../prompts/category-mark.tsx'
import { listHref } from '../prompts/filters.ts'
import type { CategoryDialogState } from './category-board.tsx'

const TYPE = 'application/x-incipit-category'

interface CategoryRowProps {
  category: Category
  index: number
  count: number
  onMove: (from: number, to: number) => void
  onOpen: (dialog: CategoryDialogState) => void
  onDelete: () => void
}

/** One category: its name leads to its prompts; it moves by drag, by button and by Alt with an arrow. */
export function CategoryRow(props: CategoryRowProps) {
  const { category, index, count, onMove } = props
  const row = useRef<HTMLLIElement>(null)
  useRowMoves(row, index, onMove)
  const { slug, name } = category
  return (
    <li ref={row} data-category={slug} draggable className="group">
      <div className="-mx-3 flex items-center gap-3 rounded-lg px-3 py-4 hover:bg-sunken group-data-drop-target:bg-lapis-wash group-data-drop-target:outline-2 group-data-drop-target:outline-(--focus)">
        <GripVertical
          aria-hidden="true"
          className="size-4 shrink-0 cursor-grab text-ink-faint max-sm:hidden"
        />
        <CategoryText category={category} />
        <MoveButton way="up" name={name} isDisabled={index === 0} onPress={() => onMove(index, index - 1)} />
        <MoveButton
          way="down"
          name={name}
          isDisabled={index === count - 1}
          onPress={() => onMove(index, index + 1)}
        />
        <RowMenu {...props} />
      </div>
    </li>
  )
}

function CategoryText({ category }: { category: Category }) {
  const { slug, name, description, color, prompt_count: prompts } = category
  return (
    <div className="min-w-0 flex-1">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="min-w-0 font-serif text-[1.3125rem] leading-7">
          <Link
            href={listHref({ category: slug })}
            draggable={false}
            data-part="name"
            className="inline-flex items-center gap-2.5 rounded outline-offset-4 [overflow-wrap:anywhere] hover:text-rubric"
          >
            <CategoryMark color={color} />
            {name}
          </Link>
        </h2>
        <p className="break-all font-mono text-ink-faint text-xs">{slug}</p>
        <p className="text-ink-faint text-xs tabular-nums">
          {prompts === 0 ? 'empty' : counted(prompts, 'prompt')}
        </p>
      </div>
      {description && <p className="mt-1 max-w-[76ch] text-ink-soft text-pretty">{description}</p>}
    </div>
  )
}

function MoveButton({
  way,
  name,
  isDisabled,
  onPress,
}: {
  way: 'up' | 'down'
  name: string
  isDisabled: boolean
  onPress: () => void
}) {
  const Icon = way === 'up' ? ArrowUp : ArrowDown
  return (
    <Button
      look="quiet"
      square
      data-part={way}
      className="max-sm:hidden"
      aria-label={`Move ${name} ${way}`}
      isDisabled={isDisabled}
      onPress={onPress}
    >
      <Icon aria-hidden="true" />
    </Button>
  )
}

function RowMenu({ category, index, count, onMove, onOpen, onDelete }: CategoryRowProps) {
  const { name } = category
  return (
    <Menu
      aria-label={`Actions for ${name}`}
      disabledKeys={[index === 0 ? 'up' : '', index === count - 1 ? 'down' : '', count === 1 ? 'merge' : '']}
      onAction={(key) => {
        if (key === 'edit' || key === 'merge') onOpen({ kind: key, category })
        else if (key === 'delete') onDelete()
        else onMove(index, index + (key === 'up' ? -1 : 1))
      }}
      trigger={
        <Button look="quiet" square data-part="menu" aria-label={`Actions for ${name}`}>
          <Ellipsis aria-hidden="true" />
        </Button>
      }
    >
      {ITEMS.map(({ id, label, Icon }) => (
        <MenuItem key={id} id={id} textValue={label}>
          <Icon aria-hidden="true" />
          {label}
        </MenuItem>
      ))}
    </Menu>
  )
}

const ITEMS = [
  { id: 'edit', label: 'Edit…', Icon: Pencil },
  { id: 'up', label: 'Move up', Icon: ArrowUp },
  { id: 'down', label: 'Move down', Icon: ArrowDown },
  { id: 'merge', label: 'Merge into another…', Icon: Merge },
  { id: 'delete', label: 'Delete', Icon: Trash2 },
] as const

/** Alt with an arrow moves the row that has the focus; a row that is dropped on this one takes its place. */
function useRowMoves(
  row: { current: HTMLLIElement | null },
  index: number,
  onMove: (from: number, to: number) => void,
): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onMove(index, index + (event.key === 'ArrowUp' ? -1 : 1))
  })
  const onDrag = useEffectEvent((event: DragEvent) => {
    const data = event.dataTransfer
    if (!data) return
    if (event.type === 'dragstart') {
      data.setData(TYPE, String(index))
      data.effectAllowed = 'move'
      return
    }
    if (!data.types.includes(TYPE)) return
    const isOver = event.type === 'dragover'
    row.current?.toggleAttribute('data-drop-target', isOver)
    if (event.type !== 'dragleave') event.preventDefault()
    if (event.type === 'drop') onMove(Number(data.getData(TYPE)), index)
  })
  useEffect(() => {
    const element = row.current
    const key = (event: KeyboardEvent) => onKeyDown(event)
    const drag = (event: DragEvent) => onDrag(event)
    const kinds = ['dragstart', 'dragover', 'dragleave', 'drop'] as const
    element?.addEventListener('keydown', key)
    for (const kind of kinds) element?.addEventListener(kind, drag)
    return () => {
      element?.removeEventListener('keydown', key)
      for (const kind of kinds) element?.removeEventListener(kind, drag)
    }
  }, [row])
}
