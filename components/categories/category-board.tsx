'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { useGuard, useReasonAgainst } from '#components/access/person.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { Category } from '#lib/categories/schema.ts'
import { CategoryRow } from './category-row.tsx'
import { allCategoriesQuery, type CategoryEdits, movedTo, useCategoryEdits } from './use-category-edits.ts'

const CategoryDialog = dialogPart(
  async () => (await import('./category-dialog.tsx')).CategoryDialog,
  ({ onClose }) => onClose(),
)
const MergeDialog = dialogPart(
  async () => (await import('./merge-dialog.tsx')).MergeDialog,
  ({ onClose }) => onClose(),
)

/** The open dialog. */
export type CategoryDialogState = { kind: 'new' } | { kind: 'edit' | 'merge' | 'delete'; category: Category }

/** All categories in their order, with their actions. @param first left out when they are too long to come with the page */
export function CategoryBoard({ first, readAt }: { first: Category[] | undefined; readAt: number }) {
  const { data, error } = useQuery({
    ...allCategoriesQuery,
    ...(first && { initialData: first, initialDataUpdatedAt: readAt }),
  })
  if (data !== undefined) return <Board categories={data} />
  return error ? <p className="text-rubric text-sm">{error.message}</p> : <Skeleton className="h-96" />
}

const MOVE_KEYS = [
  {
    id: 'categories.up',
    name: 'Move a category up',
    group: 'Categories',
    keys: 'alt+ArrowUp',
    isKeyOnly: true,
  },
  {
    id: 'categories.down',
    name: 'Move a category down',
    group: 'Categories',
    keys: 'alt+ArrowDown',
    isKeyOnly: true,
  },
] as const

function Board({ categories }: { categories: Category[] }) {
  const edits = useCategoryEdits()
  const [dialog, setDialog] = useState<CategoryDialogState>()
  const guard = useGuard()
  const open = (wanted: CategoryDialogState) => guard('prompts:write', () => setDialog(wanted))()
  const { list, told, move } = useMoves(categories, edits)
  const create = () => open({ kind: 'new' })
  useActions([{ id: 'categories.new', name: 'New category', group: 'Categories', run: create }, ...MOVE_KEYS])
  return (
    <>
      <Head onCreate={categories.length === 0 ? undefined : create} />
      <output className="sr-only">{told}</output>
      {categories.length === 0 && <Nothing onCreate={create} />}
      <ol ref={list} className="divide-y divide-line">
        {categories.map((category, index) => (
          <CategoryRow
            key={category.slug}
            category={category}
            index={index}
            count={categories.length}
            onMove={move}
            onOpen={open}
            onDelete={() =>
              category.prompt_count === 0
                ? guard('prompts:write', () => void edits.remove(category))()
                : open({ kind: 'delete', category })
            }
          />
        ))}
      </ol>
      {dialog && (
        <OpenDialog
          dialog={dialog}
          categories={categories}
          edits={edits}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  )
}

/** Moves a category in the order, and says to screen readers where it is now. */
function useMoves(categories: Category[], edits: CategoryEdits) {
  const [told, tell] = useState('')
  const list = useRef<HTMLOListElement>(null)
  const guard = useGuard()
  const moveNow = (from: number, to: number) => {
    const moved = categories[from]
    if (!moved || from === to || to < 0 || to >= categories.length) return
    void edits.order(
      movedTo(
        categories.map(({ slug }) => slug),
        from,
        to,
      ),
    )
    tell(`${moved.name} is now ${to + 1} of ${categories.length}.`)
    keepFocus(list.current, moved.slug)
  }
  const move = (from: number, to: number) => guard('prompts:write', () => moveNow(from, to))()
  return { list, told, move }
}

/** How the order comes about; `onCreate` is left out while the board is empty and offers the same itself. */
function Head({ onCreate }: { onCreate: (() => void) | undefined }) {
  const reason = useReasonAgainst('prompts:write')
  return (
    <div className="flex flex-wrap items-center justify-between gap-4 border-line border-b pb-4">
      <p className="max-w-prose text-ink-soft">
        Agents choose by name and description; the order is that of every list. To move a row, drag it, use
        its menu, or press Alt with an arrow key.
      </p>
      {onCreate && (
        <Button look="primary" reason={reason} onPress={onCreate}>
          <Plus aria-hidden="true" />
          New category
        </Button>
      )}
    </div>
  )
}

function Nothing({ onCreate }: { onCreate: () => void }) {
  return (
    <EmptyState
      title="Sort what you have"
      action={
        <Button look="primary" onPress={onCreate}>
          Create a category
        </Button>
      }
    >
      <p>A category tells people where a prompt belongs, and agents which prompts to look through.</p>
    </EmptyState>
  )
}

function OpenDialog({
  dialog,
  categories,
  edits,
  onClose,
}: {
  dialog: CategoryDialogState
  categories: Category[]
  edits: CategoryEdits
  onClose: () => void
}) {
  if (dialog.kind === 'new' || dialog.kind === 'edit')
    return (
      <CategoryDialog
        category={dialog.kind === 'edit' ? dialog.category : undefined}
        categories={categories}
        edits={edits}
        onClose={onClose}
      />
    )
  return (
    <MergeDialog
      category={dialog.category}
      isInsteadOfDelete={dialog.kind === 'delete'}
      categories={categories}
      edits={edits}
      onClose={onClose}
    />
  )
}

/** A row that moves in the page loses the focus; it gets it back on the same button. */
function keepFocus(list: HTMLElement | null, slug: string): void {
  const focused = document.activeElement?.closest(`[data-category="${slug}"]`) ? document.activeElement : null
  if (!(focused instanceof HTMLElement)) return
  const name = focused.getAttribute('data-part')
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const row = list?.querySelector(`[data-category="${slug}"]`)
      const again = row?.querySelector<HTMLButtonElement>(`[data-part="${name}"]:not(:disabled)`)
      ;(again ?? row?.querySelector<HTMLElement>('a'))?.focus()
    }),
  )
}
