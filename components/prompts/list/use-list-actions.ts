'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useGuard, useReasonAgainst } from '#components/access/person.tsx'
import { focusRow, rowAt } from '#components/rows/focus-row.ts'
import { showFailure, showToast } from '#components/ui/toast.ts'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'
import type { CategoryFacts } from '../categories-and-tags.tsx'
import { refreshLists } from '../list-cache.ts'
import { useBulkChange } from './use-bulk-change.ts'
import type { Selection } from './use-selection.ts'

/** The dialog or menu that is open over the list, and its prompts. */
export type OpenDialog =
  | { kind: 'menu'; prompt: PromptSummary; at: HTMLElement }
  | { kind: 'move' | 'tags'; prompts: PromptSummary[] }
  | { kind: 'rename'; prompt: PromptSummary }

export type ListActions = ReturnType<typeof useListActions>

interface Options {
  list: RefObject<HTMLElement | null>
  prompts: readonly PromptSummary[]
  selection: Selection
  categories: readonly CategoryFacts[]
}

/** The actions on prompts of the list, alone or together. */
export function useListActions(options: Options) {
  const { list, prompts, selection } = options
  const [dialog, setDialog] = useState<OpenDialog>()
  const guard = useGuard()
  const reason = useReasonAgainst('prompts:write')
  // Whatever a dialog of the list asks for is written.
  const open = (wanted: OpenDialog) => guard('prompts:write', () => setDialog(wanted))()
  const duplicate = useDuplicate()
  const edits = useBulkEdits(options, () => setDialog(undefined))
  const find = (name: string) => prompts.filter((prompt) => prompt.name === name)
  /** The selection; without one, the row that has the focus. */
  const meant = (name: string) => (selection.prompts.length > 0 ? selection.prompts : find(name))
  const openMenu = (prompt: PromptSummary, at: HTMLElement) => setDialog({ kind: 'menu', prompt, at })
  const byKey = {
    onArchive: (name: string) => {
      const those = meant(name)
      edits.archive(namesOf(those), !those.every(({ archived }) => archived))
    },
    onMove: (name: string) => open({ kind: 'move', prompts: meant(name) }),
    onTag: (name: string) => open({ kind: 'tags', prompts: meant(name) }),
    onMenu: (name: string) => {
      const [prompt] = find(name)
      const button = list.current?.querySelector<HTMLElement>(`article:has([data-row-link="${name}"]) button`)
      if (prompt && button) openMenu(prompt, button)
    },
  }
  return {
    dialog,
    open,
    /** Why its reader may change none of it. */
    reason,
    close: () => setDialog(undefined),
    /** Closes the menu of a row; a dialog that it opened stays. */
    closeMenu: () => setDialog((now) => (now?.kind === 'menu' ? undefined : now)),
    openMenu,
    ...edits,
    duplicate: (name: string) => guard('prompts:write', () => void duplicate(name))(),
    byKey,
    selection,
  }
}

/** Edits of several prompts. Each clears the selection; the focus stays where the rows were. */
function useBulkEdits({ list, prompts, selection, categories }: Options, onEdit: () => void) {
  const bulk = useBulkChange()
  const guard = useGuard()
  const keepFocusAt = useFocusAfterEdit(list, prompts)
  const after = (names: readonly string[]) => {
    keepFocusAt(rowAt(document.activeElement)?.index ?? prompts.findIndex(({ name }) => name === names[0]))
    selection.clear()
    onEdit()
  }
  return {
    archive: (names: readonly string[], archived: boolean) => {
      guard('prompts:write', () => {
        void bulk({ names, patch: { archived }, done: archived ? 'archived' : 'restored' })
        after(names)
      })()
    },
    moveNames: (names: readonly string[], category: string | null) => {
      const name = categories.find(({ slug }) => slug === category)?.name ?? category
      const done = name === null ? 'taken out of the category' : `moved to ${name}`
      guard('prompts:write', () => {
        void bulk({ names, patch: { category }, done })
        after(names)
      })()
    },
    changeTags: (names: readonly string[], add: string[], remove: string[]) => {
      const patch = {
        ...(add.length > 0 && { add_tags: add }),
        ...(remove.length > 0 && { remove_tags: remove }),
      }
      void bulk({ names, patch, done: 'tagged anew' })
      after(names)
    },
  }
}

export function namesOf(prompts: readonly PromptSummary[]): string[] {
  return prompts.map(({ name }) => name)
}

/** How long after an edit its rows may still be on their way out. */
const FOCUS_LOST_WITHIN_MS = 3_000

/** When the row that has the focus leaves with an edit, the one that takes its place gets the focus. */
function useFocusAfterEdit(list: RefObject<HTMLElement | null>, prompts: readonly PromptSummary[]) {
  const wanted = useRef<{ index: number; until: number }>(null)
  useEffect(() => {
    const { index, until } = wanted.current ?? { index: 0, until: 0 }
    if (performance.now() > until) return
    // A dialog that closes at the same time may still give the focus back.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement !== document.body || prompts.length === 0) return
      wanted.current = null
      focusRow(list.current, Math.min(index, prompts.length - 1))
    })
    return () => cancelAnimationFrame(frame)
  }, [list, prompts])
  return (index: number) => {
    wanted.current = { index: Math.max(0, index), until: performance.now() + FOCUS_LOST_WITHIN_MS }
  }
}

function useDuplicate() {
  const queries = useQueryClient()
  const router = useRouter()
  const duplicate = async (name: string): Promise<void> => {
    try {
      const asked = { params: { name }, body: {}, idempotencyKey: crypto.randomUUID() }
      const copy = await call('POST /api/prompts/{name}/duplicate', asked)
      const run = () => router.push(`/prompts/${copy.name}`)
      showToast({ message: `“${name}” duplicated as “${copy.name}”.`, action: { label: 'Open', run } })
      await refreshLists(queries)
    } catch (error) {
      showFailure(`“${name}” was not duplicated.`, error, { retry: () => void duplicate(name) })
    }
  }
  return duplicate
}
