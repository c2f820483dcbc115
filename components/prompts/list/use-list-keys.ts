'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { focusRow, rowAt } from '#components/rows/focus-row.ts'
import type { Selection } from './use-selection.ts'

export interface ListKeyActions {
  /** Archive, move and tag act on the selection, or on the row alone when nothing is selected. */
  onArchive: (name: string) => void
  onMove: (name: string) => void
  onTag: (name: string) => void
  onMenu: (name: string) => void
  /** Arrow up on the first row. */
  onLeave: () => void
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

interface Keys {
  list: RefObject<HTMLElement | null>
  count: number
  selection: Selection
  actions: ListKeyActions
}

/**
 * The keys of the list while a row has the focus: arrows or j and k walk, Home and End leap, x and Space
 * select, Shift makes a range, Ctrl+A takes all, e archives, m moves, t tags, Shift+F10 opens the menu.
 */
export function useListKeys(
  list: RefObject<HTMLElement | null>,
  count: number,
  selection: Selection,
  actions: ListKeyActions,
): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const isRow = event.target instanceof Element && event.target.matches('[data-row-link]')
    const row = isRow ? rowAt(event.target) : undefined
    if (!row || event.altKey) return
    const keys = { list, count, selection, actions }
    const withCommand = event.ctrlKey || event.metaKey
    const done = withCommand
      ? selectAll(keys, event.key)
      : walk(keys, event, row) || act(keys, event, row.name)
    if (done) event.preventDefault()
  })

  useEffect(() => {
    const element = list.current
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    element?.addEventListener('keydown', listener)
    return () => element?.removeEventListener('keydown', listener)
  }, [list])
}

function selectAll({ selection }: Keys, key: string): boolean {
  if (key !== 'a') return false
  selection.all()
  return true
}

/** Moves the focus to another row; with Shift both rows are selected. */
function walk(
  { list, count, selection, actions }: Keys,
  event: KeyboardEvent,
  { index, name }: { index: number; name: string },
): boolean {
  const step = STEPS[event.key]
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : step && index + step
  if (to === undefined) return false
  if (to < 0) actions.onLeave()
  else if (to < count) {
    if (event.shiftKey) {
      selection.extendTo(name)
      const next = list.current?.querySelector(`[data-index="${to}"] [data-row-link]`)
      const nextName = next?.getAttribute('data-row-link')
      if (nextName) selection.extendTo(nextName)
    }
    focusRow(list.current, to)
  }
  return true
}

function act({ selection, actions }: Keys, event: KeyboardEvent, name: string): boolean {
  const runs: Record<string, () => void> = {
    x: () => selection.toggle(name),
    X: () => selection.extendTo(name),
    ' ': () => (event.shiftKey ? selection.extendTo(name) : selection.toggle(name)),
    e: () => actions.onArchive(name),
    m: () => actions.onMove(name),
    t: () => actions.onTag(name),
    ContextMenu: () => actions.onMenu(name),
    ...(event.shiftKey && { F10: () => actions.onMenu(name) }),
    ...(selection.prompts.length > 0 && { Escape: selection.clear }),
  }
  const run = runs[event.key]
  if (!run || event.repeat) return false
  run()
  return true
}
