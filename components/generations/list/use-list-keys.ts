'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { focusRow, rowAt, useEnterList } from '#components/rows/focus-row.ts'
import { useActions } from '#components/shell/actions.tsx'

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

const ROW_KEYS = [
  ['walk', 'Walk through the list (also j and k)', 'ArrowDown'],
  ['open', 'Open the generation', 'Enter'],
].map(
  ([id, name, keys]) =>
    ({
      id: `generations.row.${id}`,
      name: name ?? '',
      keys: keys ?? '',
      group: 'Generations',
      isKeyOnly: true,
    }) as const,
)

/** The keys of the list of generations: the way into it, and the ways through it. */
export function useListKeys(list: RefObject<HTMLElement | null>, count: number): void {
  const enter = useEnterList(list, count)
  useActions([
    ...ROW_KEYS,
    {
      id: 'generations.row.enter',
      name: 'Go into the list',
      group: 'Generations',
      keys: ['j', 'k'],
      run: enter,
      isKeyOnly: true,
    },
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
