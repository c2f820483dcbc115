'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { useActions } from '#components/shell/actions.tsx'
import { focusRow, rowAt, useEnterList } from './focus-row.ts'

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

/** What the rows of a list are, for the list of keys. */
interface Listed {
  /** Begins the ids of the actions: `generations`. */
  id: string
  /** The heading that they stand under. */
  group: string
  /** What Enter does. */
  open: string
}

/** The keys of a list: the way into it, and the ways through it. */
export function useListKeys(
  list: RefObject<HTMLElement | null>,
  count: number,
  { id, group, open }: Listed,
): void {
  const enter = useEnterList(list, count)
  const key = { group, isKeyOnly: true }
  useActions([
    { ...key, id: `${id}.row.walk`, name: 'Walk through the list (also j and k)', keys: 'ArrowDown' },
    { ...key, id: `${id}.row.open`, name: open, keys: 'Enter' },
    { ...key, id: `${id}.row.enter`, name: 'Go into the list', keys: ['j', 'k'], run: enter },
  ])
  useRowKeys(list, count)
}

/** Walks through a list while a row has the focus: arrows or j and k by one, Home and End to its ends. */
function useRowKeys(list: RefObject<HTMLElement | null>, count: number): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isRow = event.target instanceof Element && event.target.matches('[data-row-link]')
    const row = isRow ? rowAt(event.target) : undefined
    if (!row) return
    const step = STEPS[event.key]
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : step && row.index + step
    if (to === undefined) return
    event.preventDefault()
    if (to >= 0 && to < count) focusRow(list.current, to)
  })
  useEffect(() => {
    const element = list.current
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    element?.addEventListener('keydown', listener)
    return () => element?.removeEventListener('keydown', listener)
  }, [list])
}
